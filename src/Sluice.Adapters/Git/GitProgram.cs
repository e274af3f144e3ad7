using System.Diagnostics;
using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Sluice.Adapters.Git;

/// <summary>Runs git, hardened against what a repository or a request may bring along. See "Revision" in docs/design.</summary>
internal static class GitProgram
{
    private static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "core.quotePath=false", "protocol.ext.allow=never",
        "submodule.recurse=false", "fetch.recurseSubmodules=false", "http.followRedirects=false", "gc.auto=0", "maintenance.auto=false",
        "transfer.bundleURI=false", "advice.detachedHead=false",
    ];

    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["LC_ALL"] = "C",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_ASKPASS"] = "",
        ["SSH_ASKPASS"] = "",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_NO_REPLACE_OBJECTS"] = "1",
        ["GIT_OPTIONAL_LOCKS"] = "0",
        ["GIT_PROTOCOL_FROM_USER"] = "0",
        ["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes -oConnectTimeout=20 -oPermitLocalCommand=no",
        ["GIT_DIR"] = null,
        ["GIT_WORK_TREE"] = null,
        ["GIT_INDEX_FILE"] = null,
        ["GIT_OBJECT_DIRECTORY"] = null,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = null,
        ["GIT_CONFIG_PARAMETERS"] = null,
        ["GIT_CONFIG_COUNT"] = null,
    };

    /// <summary>Runs a command to its end and gives its output as text.</summary>
    /// <param name="folder">The repository.</param>
    /// <param name="arguments">The command; texts from outside only behind <c>--end-of-options</c> or <c>--</c>.</param>
    /// <param name="cancellationToken">Ends it with all its processes.</param>
    /// <param name="protocols">What GIT_ALLOW_PROTOCOL lets through, separated by ':'; nothing for a command that stays here.</param>
    public static async Task<BufferedCommandResult> RunAsync(
        string folder, IEnumerable<string> arguments, CancellationToken cancellationToken, string protocols = "none") =>
        await Command(folder, arguments, protocols)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, cancellationToken);

    /// <summary>Runs a command and gives its output as bytes.</summary>
    public static async Task<(int ExitCode, byte[] Output)> RunBytesAsync(
        string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var result = await Command(folder, arguments, "none")
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStream(output))
            .ExecuteAsync(cancellationToken);
        return (result.ExitCode, output.ToArray());
    }

    /// <summary>How to start a command whose input and output are streamed.</summary>
    public static ProcessStartInfo StartInfo(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", Arguments(folder, arguments))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Variables("none"))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static Command Command(string folder, IEnumerable<string> arguments, string protocols) => Cli.Wrap("git")
        .WithArguments(Arguments(folder, arguments))
        .WithEnvironmentVariables(Variables(protocols));

    private static IEnumerable<string> Arguments(string folder, IEnumerable<string> arguments) =>
        ["-C", folder, .. Settings.SelectMany(setting => new[] { "-c", setting }), .. arguments];

    private static Dictionary<string, string?> Variables(string protocols) => new(Environment) { ["GIT_ALLOW_PROTOCOL"] = protocols };
}
