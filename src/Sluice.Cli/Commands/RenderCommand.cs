using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice render</c>: the Argo Workflow for what would run.</summary>
internal static class RenderCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("render", "Print the Argo Workflow of what would run") { RunCommand.Targets, RunCommand.Ref, RunLookup.Drawn };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenToDrawAsync(parsed, cancellationToken);
        var manifest = await RenderAsync(parsed, session, cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new Dictionary<string, string> { ["manifest"] = manifest }, ClientJson.Default.DictionaryStringString);
        }
        else
        {
            await Console.Out.WriteAsync(manifest);
        }

        return ExitCodes.Done;
    }

    private static async Task<string> RenderAsync(ParseResult parsed, Session session, CancellationToken cancellationToken)
    {
        if (session.Embedded is null || parsed.GetValue(RunLookup.Drawn) is not null)
        {
            return await session.Api.ManifestAsync(await RunLookup.FindDrawnAsync(parsed, session.Api, cancellationToken), cancellationToken);
        }

        var target = await Target.FindAsync(parsed, cancellationToken);
        Notes.Write(target, parsed.GetValue(RunCommand.Ref));
        var request = await target.RequestAsync(parsed.GetValue(RunCommand.Ref), cancellationToken);
        var (manifest, tasks) = await session.Embedded.Api.RenderAsync(
            request with { Targets = parsed.GetValue(RunCommand.Targets), Adopt = false }, cancellationToken);
        if (tasks == 0)
        {
            Output.Note("note: nothing would run, all results are stored: the Workflow is empty");
        }

        return manifest;
    }
}
