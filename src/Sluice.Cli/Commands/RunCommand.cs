using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice run</c>: runs what is needed.</summary>
internal static class RunCommand
{
    internal static readonly Argument<string[]> Targets = new("TASK|OUTPUT") { Description = "Only these, with all they need", Arity = ArgumentArity.ZeroOrMore };
    internal static readonly Option<string> Ref = new("--ref") { Description = "A branch, a tag or a commit", HelpName = "REV" };
    private static readonly Option<string> Engine = new("--engine") { Description = "Where tasks run: process", HelpName = "NAME" };
    private static readonly Option<string[]> Force = new("--force") { Description = "Compute a task anew", HelpName = "TASK" };
    private static readonly Option<int?> Parallel = new("-j") { Description = "Most tasks at once", HelpName = "N" };
    private static readonly Option<bool> FailFast = new("--fail-fast") { Description = "Stop everything at the first failure" };
    private static readonly Option<bool> Adopt = new("--adopt") { Description = "Take committed outputs as results for a job without a stored commit" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("run", "Run what is needed") { Targets, Ref, Engine, Force, Parallel, FailFast, Adopt };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Engine) is { } engine && engine != "process")
        {
            throw new SluiceException(FaultKind.BadRequest, "engine-unavailable", $"--engine: '{engine}' comes with a later release; use process.");
        }

        var target = await Target.FindAsync(parsed, cancellationToken);
        var request = target.Request(parsed.GetValue(Ref)) with
        {
            Targets = parsed.GetValue(Targets),
            Force = parsed.GetValue(Force),
            FailFast = parsed.GetValue(FailFast),
            Parallelism = parsed.GetValue(Parallel),
            Adopt = parsed.GetValue(Adopt),
        };
        Notes.LeftOut(target, parsed.GetValue(Ref));
        await using var session = await Session.OpenAsync(parsed, cancellationToken);
        var submitted = await SubmitAsync(session, request, cancellationToken);
        var run = submitted.IsStored
            ? await session.Api.GetRunAsync(submitted.Run.Id, cancellationToken)
            : await FollowAsync(session.Api, submitted.Run.Id, cancellationToken);
        return Show(parsed, run, submitted.IsStored, cancellationToken);
    }

    // A run of this commit that was interrupted goes on; others of the job have had their day.
    private static async Task<SubmitResult> SubmitAsync(Session session, RunRequest request, CancellationToken cancellationToken)
    {
        if (session.Embedded is not { } embedded)
        {
            return await session.Api.SubmitAsync(request, cancellationToken);
        }

        await embedded.ClearLeftoversAsync(cancellationToken);
        var submitted = await embedded.Api.SubmitAsync(request, cancellationToken);
        await embedded.Queue.EndInterruptedAsync(JobName.Parse(request.JobName), cancellationToken);
        return submitted;
    }

    // Interrupted once: the run is cancelled, and its end is waited for.
    private static async Task<RunView> FollowAsync(ISluiceApi api, string runId, CancellationToken cancellationToken)
    {
        try
        {
            return await new RunFollower(api, runId).FollowAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("\ncancelling; once more to leave at once");
            await api.CancelAsync(runId, CancellationToken.None);
            return await new RunFollower(api, runId).FollowAsync(CancellationToken.None);
        }
    }

    private static int Show(ParseResult parsed, RunView run, bool isStored, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(run, ClientJson.Default.RunView);
        }
        else if (isStored)
        {
            Console.Out.WriteLine($"{run.JobName} at {run.Commit[..7]}: nothing to run; the results of run {run.Id} stand");
        }
        else
        {
            RunTable.Write(run);
        }

        foreach (var warning in run.Warnings)
        {
            Console.Error.WriteLine(Terminal.Safe($"warning: {warning}"));
        }

        if (run.Status == "failed")
        {
            Console.Error.WriteLine(Terminal.Safe($"sluice: {run.Error}"));
        }

        return run.Status == "succeeded" ? ExitCodes.Done
            : cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted
            : ExitCodes.Failed;
    }
}
