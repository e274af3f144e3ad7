using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Core.Running;

namespace Sluice.Adapters.Argo;

/// <summary>Runs tasks as pods of Argo Workflows. See docs/design/argo.md.</summary>
internal sealed partial class ArgoEngine(
    WorkflowOptions options, IRunCredentials? credentials, FollowPace pace, TimeProvider time, ILogger<ArgoEngine> logger) : IClusterEngine, IDisposable
{
    // What etcd takes, less some room for the state of the tasks, which Argo writes into the same object.
    private const int MaxBytes = 1_400_000;

    private readonly ClusterConnection _connection = new(options);
    private ClusterCalls? _calls;
    private RunSecrets? _secrets;

    /// <inheritdoc/>
    public string Name => "argo";

    /// <inheritdoc/>
    public string Environment => "linux/" + options.Architecture;

    /// <inheritdoc/>
    public bool UsesImages => true;

    /// <inheritdoc/>
    public bool HasNetwork => true;

    /// <inheritdoc/>
    public int MaxTasks => options.MaxTasks;

    /// <inheritdoc/>
    public bool Fits(WorkflowOrder order) => WorkflowRenderer.RenderJson(order, options).Length <= MaxBytes;

    private ClusterCalls Calls => _calls ??= new ClusterCalls(_connection, options, pace, time);

    private RunSecrets? Secrets => credentials is null ? null : _secrets ??= new RunSecrets(credentials, Calls, time, logger);

    /// <inheritdoc/>
    public async Task SubmitAsync(WorkflowOrder order, CancellationToken cancellationToken)
    {
        var json = WorkflowRenderer.RenderJson(order, options);
        if (json.Length > MaxBytes)
        {
            throw Refused("workflow-too-large", string.Create(
                CultureInfo.InvariantCulture,
                $"the Workflow '{order.Name}' with {order.Tasks.Count} tasks has {json.Length / 1e6:0.0} MB, and Kubernetes takes {MaxBytes / 1e6:0.0} MB at most; run fewer of its tasks at once, or split the job"));
        }

        if (Secrets is not { } secrets)
        {
            await HandOverAsync(order, json, cancellationToken);
            return;
        }

        await secrets.MakeAsync(order, cancellationToken);
        await HandOverAsync(order, json, cancellationToken);
        await secrets.OwnAsync(order);
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string workflow, CancellationToken cancellationToken) =>
        await Calls.CallAsync(token => Calls.Api.FindAsync(workflow, token), cancellationToken) is not null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<WorkflowStatus> FollowAsync(WorkflowOrder order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new WorkflowFollower(order, options, pace, Calls, new StartTroubles(time), time, logger);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = Secrets?.KeepAsync(order, end.Token) ?? Task.CompletedTask;
        try
        {
            await foreach (var status in follower.RunAsync(cancellationToken))
            {
                yield return status;
            }
        }
        finally
        {
            await end.CancelAsync();
            // Its end only: what it throws is for nobody any more.
            await Task.WhenAny(keeping);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(string workflow, RunId run, CancellationToken cancellationToken) =>
        await Calls.CallAsync(token => Calls.Api.StopAsync(workflow, run, token), cancellationToken);

    /// <inheritdoc/>
    public Task ForgetAsync(RunId run, CancellationToken cancellationToken) => Secrets?.DeleteAsync(run, cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<Stream?> OpenLogAsync(string workflow, int task, bool follow, CancellationToken cancellationToken)
    {
        var pods = await Calls.CallAsync(token => Calls.Api.ListPodsAsync(workflow, task, token), cancellationToken);
        if (pods.OrderBy(pod => pod.Metadata.CreationTimestamp).LastOrDefault() is not { } newest)
        {
            return null;
        }

        var answer = await Calls.CallAsync(token => Calls.Api.OpenLogAsync(newest.Metadata.Name, follow, token), cancellationToken);
        return answer is null ? null : new CommandOutput(answer, await answer.Content.ReadAsStreamAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private async Task HandOverAsync(WorkflowOrder order, byte[] json, CancellationToken cancellationToken)
    {
        if (await Calls.CallAsync(_ => Calls.Api.CreateAsync(json, CancellationToken.None), cancellationToken))
        {
            LogSubmitted(order.Run, order.Name, order.Tasks.Count, json.Length);
            return;
        }

        // It was made by us, before a crash or by a request whose answer got lost; or by somebody else.
        var known = await Calls.CallAsync(token => Calls.Api.FindAsync(order.Name, token), cancellationToken)
            ?? throw Refused("workflow-deleted", $"there was a Workflow '{order.Name}' in the namespace '{options.Namespace}', and it was deleted meanwhile; run again");
        if (known.Metadata.Labels?.GetValueOrDefault(WorkflowRenderer.RunLabel) != order.Run.Value)
        {
            throw Refused(
                "workflow-exists",
                $"there is a Workflow '{order.Name}' in the namespace '{options.Namespace}' that is not of the run {order.Run}; delete it, and run again");
        }

        LogAdopted(order.Run, order.Name);
    }

    private static SluiceException Refused(string code, string message) => new(FaultKind.BadGateway, code, message);

    [LoggerMessage(LogLevel.Information, "Run {RunId}: submitted the Workflow {Workflow} with {Count} tasks, {Bytes} bytes")]
    private partial void LogSubmitted(RunId runId, string workflow, int count, int bytes);

    [LoggerMessage(LogLevel.Information, "Run {RunId}: the Workflow {Workflow} is there already and is taken up")]
    private partial void LogAdopted(RunId runId, string workflow);
}
