namespace Sluice.Client;

/// <summary>
/// What Sluice can do for a user, once for the service's HTTP client and once for the service itself embedded in the command
/// line. A mistake throws: over HTTP a <see cref="SluiceApiException"/> with the service's problem; embedded, the service's own exception, of which
/// it would have made that problem.
/// </summary>
public interface ISluiceApi
{
    /// <summary>Registers the job when new, plans, and queues a run; returns without waiting for its end.</summary>
    Task<SubmitResult> SubmitAsync(RunRequest request, CancellationToken cancellationToken = default);

    /// <summary>What a run would do, without doing it.</summary>
    Task<PlanView> PlanAsync(RunRequest request, CancellationToken cancellationToken = default);

    /// <summary>One run with its tasks.</summary>
    Task<RunView> GetRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Runs, newest first; of one job, or of all.</summary>
    Task<PageView<RunView>> ListRunsAsync(
        string? job, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default);

    /// <summary>The jobs.</summary>
    Task<PageView<JobView>> ListJobsAsync(int? limit = null, string? cursor = null, CancellationToken cancellationToken = default);

    /// <summary>One job.</summary>
    Task<JobView> GetJobAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>Every task of a run, unchanged ones included.</summary>
    Task<PageView<TaskView>> ListTasksAsync(
        string runId, string? state = null, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default);

    /// <summary>The events of a run after a number, from the past and as they come, to its end.</summary>
    IAsyncEnumerable<RunEventView> EventsAsync(string runId, long after = 0, CancellationToken cancellationToken = default);

    /// <summary>Stops a run.</summary>
    Task CancelAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>The reasons, and the fields that differ.</summary>
    Task<WhyView> WhyAsync(string runId, string? task = null, string? against = null, CancellationToken cancellationToken = default);

    /// <summary>Every task of the job with its edges and files.</summary>
    Task<GraphView> GraphAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>The log of a task; live while it runs when <paramref name="follow"/>.</summary>
    Task<Stream> LogAsync(string runId, string task, bool follow = false, CancellationToken cancellationToken = default);

    /// <summary>The Argo Workflow for the run's sub-DAG, as YAML.</summary>
    Task<string> ManifestAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>What is stored for a commit; of one run, or the newest.</summary>
    Task<CommitView> GetCommitAsync(string job, string sha, string? runId = null, CancellationToken cancellationToken = default);

    /// <summary>A stored file, seekable where the store is local.</summary>
    Task<Stream> GetDataAsync(
        string job, string sha, string path, string? runId = null, CancellationToken cancellationToken = default);

    /// <summary>The contents that a file has had.</summary>
    Task<IReadOnlyList<HistoryView>> HistoryAsync(string job, string path, CancellationToken cancellationToken = default);

    /// <summary>The results that differ between two commits.</summary>
    Task<DiffView> DiffAsync(string job, string from, string to, CancellationToken cancellationToken = default);
}
