using System.Text.Json;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>From Core's records to those of the wire.</summary>
internal static class Views
{
    /// <summary>A run; the tasks are given where they are part of the answer.</summary>
    public static RunView Of(Run run, IReadOnlyList<TaskView>? tasks) => new()
    {
        Id = run.Id.Value,
        Kind = Name(run.Kind),
        Trigger = Name(run.Trigger),
        JobName = run.Job.Value,
        JobUrl = run.Url,
        Ref = run.Ref,
        Commit = run.Commit.Value,
        BaselineCommit = run.Baseline?.Value,
        Engine = run.Engine,
        Status = Name(run.Status),
        CreatedAt = run.CreatedAt,
        FinishedAt = run.FinishedAt,
        Error = run.Error,
        Warnings = [.. run.Warnings],
        Counts = run.Counts.ToDictionary(pair => Name(pair.Key), pair => pair.Value),
        Tasks = tasks,
    };

    /// <summary>A task of a run.</summary>
    public static TaskView Of(TaskRun task) => new()
    {
        Name = task.Name.Value,
        Planned = Name(task.Planned),
        State = Name(task.State),
        Reasons = [.. task.Reasons.Select(Of)],
        Fingerprint = task.Fingerprint?.ToString(),
        ResultRun = task.ResultRun?.Value,
        ResultCommit = task.ResultCommit?.Value,
        ExitCode = task.ExitCode,
        Error = task.Error,
        QueuedAt = task.QueuedAt,
        StartedAt = task.StartedAt,
        FinishedAt = task.FinishedAt,
        Attempts = [.. task.Attempts.Select(attempt => new AttemptView(attempt.StartedAt, attempt.FinishedAt, attempt.ExitCode, attempt.Error))],
    };

    /// <summary>A task of a plan.</summary>
    public static TaskView Of(PlannedTask task) => new()
    {
        Name = task.Task.Task.Name.Value,
        Planned = Name(task.State),
        Reasons = [.. task.Reasons.Select(Of)],
        Fingerprint = task.Fingerprint?.ToString(),
        ResultRun = task.Result?.Provenance.Run.Value,
        ResultCommit = task.Result?.Provenance.Commit.Value,
    };

    /// <summary>A reason.</summary>
    public static ReasonView Of(Reason reason) => new(Name(reason.Code), reason.Subject, reason.Detail);

    /// <summary>Who made a result.</summary>
    public static ProvenanceView Of(Provenance made) => new(
        made.Run.Value, made.Task.Value, made.Commit.Value, made.Engine, made.StartedAt, made.FinishedAt, made.IsAdopted);

    /// <summary>An event.</summary>
    public static RunEventView Of(RunEvent happened) => new(
        happened.Id, happened.Type, happened.Run is { } run ? Of(run, tasks: null) : null, happened.Task is { } task ? Of(task) : null);

    /// <summary>A stored commit.</summary>
    public static CommitView Of(CommitRecord record) => new()
    {
        JobName = record.Job.Value,
        Commit = record.Commit.Value,
        CommitDate = record.CommitDate,
        Run = record.Run.Value,
        StoredAt = record.StoredAt,
        Files = [.. FilesOf(record).OrderBy(file => file.Path, StringComparer.Ordinal)],
    };

    /// <summary>The files of a stored commit, in no order.</summary>
    public static IEnumerable<CommitFileView> FilesOf(CommitRecord record) =>
        record.Sources.Select(file => Of(file, made: null))
            .Concat(record.Tasks.SelectMany(task => task.Files.Outputs, (task, file) => Of(file, (task.Name, task.Provenance))));

    private static CommitFileView Of(StoredFile file, (TaskName Task, Provenance By)? made) => new(
        file.Path.Value,
        file.Content.Digest.ToString(),
        file.Content.Size,
        made?.By.Run.Value,
        made?.Task.Value,
        made?.By.Commit.Value,
        file.IsExecutable);

    /// <summary>The member of an enum as the contract writes it.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>What the service would answer for an error.</summary>
    public static ProblemView Of(SluiceException exception) => new()
    {
        Type = ProblemType(exception.Code),
        Title = Title(exception.Kind),
        Status = Status(exception.Kind),
        Detail = exception.Message,
        Errors = exception is BrokenRepositoryException broken
            ? [.. broken.Mistakes.Select(mistake => new MistakeView(mistake.File, mistake.Line, mistake.Column, mistake.Problem, mistake.Advice))]
            : null,
    };

    /// <summary>The stable name of a kind of problem.</summary>
    public static string ProblemType(string code) => "urn:sluice:problem:" + code;

    /// <summary>The HTTP status for who has to act.</summary>
    public static int Status(FaultKind kind) => kind switch
    {
        FaultKind.BadRequest => 400,
        FaultKind.NotFound => 404,
        FaultKind.Conflict => 409,
        FaultKind.Unprocessable => 422,
        FaultKind.BadGateway => 502,
        _ => 503,
    };

    private static string Title(FaultKind kind) => kind switch
    {
        FaultKind.BadRequest => "The request is not right",
        FaultKind.NotFound => "There is nothing of that name",
        FaultKind.Conflict => "The name or the state is taken",
        FaultKind.Unprocessable => "The repository or a task is at fault",
        _ => "Something outside did not answer",
    };
}
