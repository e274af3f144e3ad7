using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace Sluice.Testing;

/// <summary>The real <c>sluice</c> command in a checkout.</summary>
/// <param name="repository">The checkout.</param>
/// <param name="state">The state folder, unless the arguments name another.</param>
public sealed class SluiceCommand(TestRepository repository, string state)
{
    /// <summary>Runs it to its end, which has to be the exit code.</summary>
    public async Task<BufferedCommandResult> RunAsync(int exitCode, params string[] arguments)
    {
        var result = await Cli.Wrap(SluiceBinary.Path)
            .WithArguments(WithState(arguments))
            .WithWorkingDirectory(repository.Path)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return exitCode == result.ExitCode
            ? result
            : throw new InvalidOperationException(
                $"exit code {result.ExitCode} of sluice {string.Join(' ', arguments)}: {result.StandardOutput}{result.StandardError}");
    }

    /// <summary>Starts it; its outputs are read by the caller.</summary>
    public Process Start(params string[] arguments) => Start(inOwnGroup: false, arguments);

    /// <summary>Starts it, as the leader of a group of processes where asked, as a terminal does.</summary>
    public Process Start(bool inOwnGroup, params string[] arguments)
    {
        var (program, before) = inOwnGroup ? ("setsid", new[] { SluiceBinary.Path }) : (SluiceBinary.Path, []);
        return Process.Start(new ProcessStartInfo(program, [.. before, .. WithState(arguments)])
        {
            WorkingDirectory = repository.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
    }

    private string[] WithState(string[] arguments) => arguments.Contains("--data") ? arguments : ["--data", state, .. arguments];
}
