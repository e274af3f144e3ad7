using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice diff</c>: results that differ.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string[]> Revisions = new("REV") { Description = "One or two commits (default: HEAD and its parent)", Arity = new ArgumentArity(0, 2) };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("diff", "Show results that differ, and their tasks") { Revisions };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        await using var session = Session.OpenToLook(parsed);
        var named = parsed.GetValue(Revisions) ?? [];
        var to = await StoredCommit.FindAsync(target, session.Api, named.Length > 1 ? named[1] : null, cancellationToken);
        var from = await StoredCommit.FindAsync(target, session.Api, named.Length > 0 ? named[0] : await ParentAsync(target, cancellationToken), cancellationToken);
        var diff = await session.Api.DiffAsync(target.Job, from, to, cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(diff, ClientJson.Default.DiffView);
            return ExitCodes.Done;
        }

        Output.Line($"{diff.From[..7]} -> {diff.To[..7]}: {(diff.Files.Count == 0 ? "the same results" : $"{diff.Files.Count} file(s) differ")}");
        if (diff.Files.Count > 0)
        {
            Output.Table(["CHANGE", "TASK", "SIZE", "FILE"], diff.Files.Select(file => (IReadOnlyList<string>)
                [file.Change, Terminal.CutMiddle(file.Task ?? "(source)", 24), Sizes(file), file.Path]));
        }

        return ExitCodes.Done;
    }

    private static async Task<string> ParentAsync(Target target, CancellationToken cancellationToken) => target.Folder is null
        ? throw new SluiceException(FaultKind.BadRequest, "no-parent", "There is no repository here whose HEAD has a parent (-C DIR); name two commits: sluice diff REV REV.")
        : await CheckoutRevision.FindAsync(target.Folder, "HEAD~1", cancellationToken)
            ?? throw new SluiceException(FaultKind.BadRequest, "no-parent", "HEAD has no parent to compare with; name two commits: sluice diff REV REV.");

    private static string Sizes(FileDifferenceView file) => (file.SizeBefore, file.SizeAfter) switch
    {
        ({ } before, { } after) when before == after => $"{after}",
        ({ } before, { } after) => $"{before} -> {after}",
        var (before, after) => $"{before ?? after}",
    };
}
