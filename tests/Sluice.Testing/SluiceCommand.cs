using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace Sluice.Testing;

/// <summary>The real <c>sluice</c> command in a checkout.</summary>
/// <param name="repository">The checkout.</param>
/// <param name="state">The state folder, unless the arguments name another.</param>
public sealed class SluiceCommand(TestRepository repository, string state)
{
    /// <summary>Where it is run; the checkout unless set.</summary>
    public string Folder { get; init; } = repository.Path;

    /// <summary>Variables that it gets beside those of the tests.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Runs it to its end, which has to be the exit code.</summary>
    public async Task<BufferedCommandResult> RunAsync(int exitCode, params string[] arguments)
    {
        var result = await Cli.Wrap(SluiceBinary.Path)
            .WithArguments(WithState(arguments))
            .WithWorkingDirectory(Folder)
            .WithEnvironmentVariables(Environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return exitCode == result.ExitCode
            ? result
            : throw new InvalidOperationException(
                $"exit code {result.ExitCode} of sluice {string.Join(' ', arguments)}: {result.StandardOutput}{result.StandardError}");
    }

    /// <summary>Runs a script of bash in the checkout; <c>$sluice</c> is the command, on the same state folder.</summary>
    public async Task<BufferedCommandResult> ShellAsync(string script) => await Cli.Wrap("bash")
        .WithArguments(["-c", script])
        .WithWorkingDirectory(repository.Path)
        .WithEnvironmentVariables(new Dictionary<string, string?> { ["sluice"] = SluiceBinary.Path, ["SLUICE_DATA"] = state, ["TERM"] = "xterm" })
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync();

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
