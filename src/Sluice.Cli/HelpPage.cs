using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sluice.Cli.Rendering;

namespace Sluice.Cli;

/// <summary>The help of a command: as wide as a terminal, and without the option that it refuses.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private static readonly HashSet<string> OnThisMachine = ["serve", "verify", "gc", "reindex", "completion"];

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        // All commands share the option, and a process shows one page.
        GlobalOptions.Server.Hidden = OnThisMachine.Contains(parseResult.CommandResult.Command.Name);
        return new HelpAction { MaxWidth = Console.IsOutputRedirected ? Terminal.DefaultWidth : Terminal.OutputWidth }.Invoke(parseResult);
    }
}
