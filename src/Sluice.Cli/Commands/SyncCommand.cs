using System.CommandLine;
using Sluice.Core;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice sync</c>; reserved.</summary>
internal static class SyncCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("sync", "Look at the images again (in a later release)");
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed) => throw new SluiceException(
        FaultKind.BadRequest, "reserved", "sync comes with a later release; `sluice run` runs what a commit changed.");
}
