using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice run</c>: runs what is needed.</summary>
internal static class RunCommand
{
    internal static readonly Argument<string[]> Targets = new("TASK|OUTPUT") { HelpName = "TASK|OUTPUT", Description = "Only these, with all they need", Arity = ArgumentArity.ZeroOrMore };
    internal static readonly Option<string> Ref = new("--ref") { Description = "A branch, a tag or a commit", HelpName = "REV" };
    internal static readonly Option<string[]> Force = new("--force") { Description = "Compute a task anew", HelpName = "TASK" };
    internal static readonly Option<bool> Adopt = new("--adopt") { Description = "Take committed outputs for results in a job's first run" };
    internal static readonly Option<string> Engine = new("--engine") { Description = "Where tasks run: process, container or argo", HelpName = "NAME" };
    private static readonly Option<int?> Parallel = new("-j") { Description = "Most tasks at once", HelpName = "N" };
    private static readonly Option<bool> FailFast = new("--fail-fast") { Description = "Stop everything at the first failure" };
    private static readonly Option<bool> Move = new("--move") { Description = "Take the job's name from the repository that it belongs to" };

    /// <summary>The command, and the one that looks at images again.</summary>
    public static IEnumerable<Command> Create()
    {
        Targets.CompletionSources.Add(TaskNames.Suggest);
        Force.CompletionSources.Add(TaskNames.Suggest);
        return
        [
            Create("run", "Run what is needed", looksAgain: false),
            Create("sync", "Run what is needed, with images looked at again", looksAgain: true),
        ];
    }

    private static Command Create(string name, string description, bool looksAgain)
    {
        var command = new Command(name, description) { Targets, Ref, Engine, Force, Parallel, FailFast, Adopt, Move };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, looksAgain, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, bool looksAgain, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        var request = await target.RequestAsync(parsed.GetValue(Ref), cancellationToken) with
        {
            Targets = parsed.GetValue(Targets),
            Force = parsed.GetValue(Force),
            FailFast = parsed.GetValue(FailFast),
            LooksAgain = looksAgain,
            Parallelism = parsed.GetValue(Parallel),
            Adopt = parsed.GetValue(Adopt),
            Move = parsed.GetValue(Move),
        };
        Notes.Write(target, parsed.GetValue(Ref));
        await using var session = await Session.OpenAsync(parsed, cancellationToken);
        var submitted = await SubmitAsync(session, request, parsed.GetValue(Engine), cancellationToken);
        var run = submitted.IsStored
            ? await session.Api.GetRunAsync(submitted.Run.Id, cancellationToken)
            : await FollowAsync(session.Api, submitted.Run.Id, cancellationToken);
        return Show(parsed, run, submitted.IsStored, cancellationToken);
    }

    // A run of this commit that was interrupted goes on; others of the job have had their day.
    private static async Task<SubmitResult> SubmitAsync(Session session, RunRequest request, string? engine, CancellationToken cancellationToken)
    {
        CheckEngine(session, engine);
        if (session.Embedded is not { } embedded)
        {
            return await session.Api.SubmitAsync(request, cancellationToken);
        }

        await embedded.ClearLeftoversAsync(cancellationToken);
        var submitted = await embedded.Api.SubmitAsync(request, cancellationToken);
        await embedded.Queue.EndInterruptedAsync(JobName.Parse(request.JobName), cancellationToken);
        return submitted;
    }

    /// <summary>Where tasks run is for a service to say, where there is one.</summary>
    /// <exception cref="SluiceException">There is one, and an engine was named.</exception>
    public static void CheckEngine(Session session, string? engine)
    {
        if (session.Embedded is null && engine is not null)
        {
            throw new SluiceException(
                FaultKind.BadRequest, "engine-of-the-service", "--engine: a service runs the tasks here, and its own SLUICE_ENGINE says where; leave --engine out.");
        }
    }

    // Interrupted once: the run is cancelled, and its end is waited for.
    private static async Task<RunView> FollowAsync(ISluiceApi api, string runId, CancellationToken cancellationToken)
    {
        var follower = new RunFollower(api, runId);
        try
        {
            return await follower.FollowAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("\ncancelling; once more to leave at once");
            await api.CancelAsync(runId, CancellationToken.None);
            return await follower.FollowAsync(CancellationToken.None);
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
            Output.Line($"{run.JobName} at {run.Commit[..7]}: nothing to run; the results of run {run.Id} stand");
            Output.Warnings(run.Warnings);
        }
        else
        {
            RunTable.Write(run);
        }

        if (run.Status == "failed")
        {
            Output.Note($"sluice: {run.Error}");
        }

        return run.Status == "succeeded" ? ExitCodes.Done
            : cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted
            : ExitCodes.Failed;
    }
}
