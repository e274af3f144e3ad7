using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Sluice.Core.Running;

namespace Sluice.Adapters.Containers;

/// <summary>Says how a command in a container ended, in the words of the other engines.</summary>
internal static partial class ContainerEnds
{
    private const int Killed = 137;

    private const int SigKill = 9;

    private const string Shell = "/bin/sh";

    /// <summary>The end of a container that ran.</summary>
    /// <param name="request">What was run.</param>
    /// <param name="state">What the engine says.</param>
    /// <param name="firstOutput">How its output begins.</param>
    /// <param name="hasMemoryLimit">Whether its memory was limited.</param>
    /// <param name="logError">Why not all of its output could be logged.</param>
    public static CommandEnd Of(CommandRequest request, ContainerState state, string firstOutput, bool hasMemoryLimit, string? logError)
    {
        var code = (int)state.ExitCode;
        if (code != 0 && NotStarted(request, InitTrouble().Match(firstOutput)) is { } trouble)
        {
            return new CommandEnd { Error = trouble };
        }

        // Podman does not tell an out-of-memory kill from any other.
        var error = code != 0 && state.OOMKilled ? "used more memory than its limit; raise 'memory' in its 'resources'"
            : code == Killed && hasMemoryLimit ? "killed by SIGKILL (9), most likely for using more memory than its limit; raise 'memory' in its 'resources'"
            : null;
        return code == Killed
            ? new CommandEnd { Signal = SigKill, Error = error, LogError = logError }
            : new CommandEnd { ExitCode = code, Error = error, LogError = logError };
    }

    /// <summary>Why a command was not started; null where the engine's words say nothing of the command.</summary>
    public static string? NotStarted(CommandRequest request, string words) => NotStarted(request, StartTrouble().Match(words));

    /// <summary>Whether the engine lacks the process that is to come first: Podman says so when a container is made, Docker when it is started.</summary>
    public static bool HasNoInit(string words) =>
        words.Contains("init binary", StringComparison.OrdinalIgnoreCase) || words.Contains("\"docker-init\"", StringComparison.Ordinal);

    private static string? NotStarted(CommandRequest request, Match match) =>
        match.Groups["missing"].Success ? CommandEnd.NoProgram(request.Argv[0]) + (request.Argv[0] == Shell ? "; without a shell in the image, write the command as a list" : "")
        : match.Groups["refused"].Success ? CommandEnd.NotRunnable(request.Argv[0], "it is not executable")
        : match.Groups["format"].Success ? CommandEnd.NotRunnable(request.Argv[0], "it is no program for this machine, and names no interpreter")
        : match.Groups["gpu"].Success ? "asks for a GPU, and the container engine has no driver for one"
        : null;

    // What runc and crun say, and Docker itself.
    [GeneratedRegex("exec(utable( file)?)?[: ].*?((?<missing>not found|no such file)|(?<refused>permission denied|is a directory)|(?<format>exec format error))|(?<gpu>could not select device driver)", RegexOptions.IgnoreCase)]
    private static partial Regex StartTrouble();

    // What the first process says when it cannot start the command: catatonit's words, then tini's.
    [GeneratedRegex(@"\A(ERROR \(catatonit:\d+\): failed to exec pid1|\[FATAL tini \(\d+\)\] exec .* failed): ((?<missing>No such file)|(?<refused>Permission denied|Is a directory)|(?<format>Exec format error))")]
    private static partial Regex InitTrouble();
}
