using System.CommandLine;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice render</c>: the Argo Workflow for what would run.</summary>
internal static class RenderCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("render", "Print the Argo Workflow for what would run, as YAML") { RunCommand.Targets, RunCommand.Ref, RunLookup.Run };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenAsync(parsed, cancellationToken);
        if (session.Embedded is null || parsed.GetValue(RunLookup.Run) is not null)
        {
            var run = await RunLookup.FindAsync(parsed, session.Api, cancellationToken);
            await Console.Out.WriteAsync(await session.Api.ManifestAsync(run, cancellationToken));
            return ExitCodes.Done;
        }

        var target = await Target.FindAsync(parsed, cancellationToken);
        Notes.LeftOut(target, parsed.GetValue(RunCommand.Ref));
        var request = target.Request(parsed.GetValue(RunCommand.Ref)) with { Targets = parsed.GetValue(RunCommand.Targets), Adopt = false };
        await Console.Out.WriteAsync(await session.Embedded.Api.RenderAsync(request, cancellationToken));
        return ExitCodes.Done;
    }
}
