using System.Diagnostics;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Sluice.Core;

namespace Sluice.Adapters.Git;

/// <summary>Runs git, hardened against what a repository or a request may bring along. See "Revision" in docs/design.</summary>
internal static class GitProgram
{
    private const string StaysHere = "none";
    private const int MaxOutput = 256 * 1024 * 1024;

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

        // What git itself clears for another repository (git rev-parse --local-env-vars), and the namespace: set in a hook, for example.
        ["GIT_DIR"] = null,
        ["GIT_COMMON_DIR"] = null,
        ["GIT_WORK_TREE"] = null,
        ["GIT_IMPLICIT_WORK_TREE"] = null,
        ["GIT_INDEX_FILE"] = null,
        ["GIT_OBJECT_DIRECTORY"] = null,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = null,
        ["GIT_GRAFT_FILE"] = null,
        ["GIT_SHALLOW_FILE"] = null,
        ["GIT_PREFIX"] = null,
        ["GIT_CONFIG"] = null,
        ["GIT_CONFIG_PARAMETERS"] = null,
        ["GIT_CONFIG_COUNT"] = null,
        ["GIT_NAMESPACE"] = null,
    };

    /// <summary>Runs a command to its end and gives its output as text.</summary>
    /// <param name="place">Where.</param>
    /// <param name="arguments">The command; texts from outside only behind <c>--end-of-options</c> or <c>--</c>.</param>
    /// <param name="cancellationToken">Ends it with all its processes.</param>
    /// <param name="protocols">What GIT_ALLOW_PROTOCOL lets through, separated by ':'; nothing for a command that stays here.</param>
    /// <param name="tracesPackets">Whether the packets of git's protocol are told in the error output.</param>
    public static async Task<BufferedCommandResult> RunAsync(
        GitPlace place,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string protocols = StaysHere,
        bool tracesPackets = false) =>
        await Command(place, arguments, protocols, tracesPackets)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, cancellationToken);

    /// <summary>Runs a command and gives its output as bytes.</summary>
    /// <exception cref="SluiceException">There is more than can be held: a few small trees can list as billions of files.</exception>
    public static async Task<(int ExitCode, byte[] Output)> RunBytesAsync(
        GitPlace place, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var result = await Command(place, arguments, StaysHere)
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.Create((from, token) => CopyAsync(from, output, token)))
            .ExecuteAsync(cancellationToken);
        return (result.ExitCode, output.ToArray());
    }

    /// <summary>How to start a command whose input and output are streamed.</summary>
    public static ProcessStartInfo StartInfo(GitPlace place, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", Arguments(place, arguments))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Variables(place, StaysHere))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (to.Length + read > MaxOutput)
            {
                throw new SluiceException(
                    FaultKind.Unprocessable,
                    "repository-too-large",
                    $"The repository lists as more than {MaxOutput / (1024 * 1024)} MiB of names; keep large sets of files elsewhere.");
            }

            to.Write(buffer, 0, read);
        }
    }

    private static Command Command(GitPlace place, IEnumerable<string> arguments, string protocols, bool tracesPackets = false) => Cli.Wrap("git")
        .WithArguments(Arguments(place, arguments))
        .WithEnvironmentVariables(Variables(place, protocols, tracesPackets));

    // A mirror is named, not found: whoever asks for safe.bareRepository=explicit means it.
    private static IEnumerable<string> Arguments(GitPlace place, IEnumerable<string> arguments) =>
    [
        "-C", place.Folder,
        .. place.IsMirror ? ["--git-dir=."] : Array.Empty<string>(),
        .. Settings.SelectMany(setting => new[] { "-c", setting }),
        .. arguments,
    ];

    // The user's settings are for the user's repositories and for reaching hosts; they must not change what is read from a mirror.
    private static Dictionary<string, string?> Variables(GitPlace place, string protocols, bool tracesPackets = false)
    {
        var variables = new Dictionary<string, string?>(Environment)
        {
            ["GIT_ALLOW_PROTOCOL"] = protocols,
            ["GIT_TRACE_PACKET"] = tracesPackets ? "1" : null,
        };
        if (place.IsMirror && protocols == StaysHere)
        {
            variables["GIT_CONFIG_GLOBAL"] = "/dev/null";
        }

        return variables;
    }
}
