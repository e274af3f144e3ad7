using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Core.Running;

namespace Sluice.Adapters.Argo;

/// <summary>
/// The Secrets with the runs' own credentials of the store: one for each run that goes on, which its pods refer to. See "The credential of a run" in
/// docs/design/pods.md.
/// </summary>
internal sealed partial class RunSecrets(IRunCredentials credentials, ClusterCalls calls, TimeProvider time, ILogger logger)
{
    /// <summary>The keys of such a Secret, as those of the one that all runs share, and one more.</summary>
    public const string AccessKey = "access_key";

    /// <inheritdoc cref="AccessKey"/>
    public const string SecretKey = "secret_key";

    /// <inheritdoc cref="AccessKey"/>
    public const string SessionToken = "session_token";

    // Renewed so often, a credential is good for three quarters of its time at least whenever a pod begins.
    private const int RenewalsInALifetime = 4;

    private const int TriesInALifetime = 16;

    private readonly ConcurrentDictionary<RunId, long> _made = new();

    /// <summary>The name of a run's Secret.</summary>
    public static string NameOf(RunId run) => $"sluice-run-{run}";

    /// <summary>
    /// Sees to it that a run's Secret is there with a fresh credential, before the workflow is. It belongs to nobody then: where the run had another
    /// workflow before, that one may be deleted at any time, and would take it along.
    /// </summary>
    /// <exception cref="SluiceException">It cannot be made; nothing was handed over.</exception>
    public Task MakeAsync(WorkflowOrder order, CancellationToken cancellationToken) => PutAsync(order, owners: [], cancellationToken);

    /// <summary>Gives a run's Secret to the workflow that was handed over, so that it goes with it whatever becomes of the service.</summary>
    public async Task OwnAsync(WorkflowOrder order)
    {
        try
        {
            var name = NameOf(order.Run);
            if (await OwnersAsync(order, CancellationToken.None) is { Count: > 0 } owners)
            {
                await calls.CallAsync(
                    token => calls.Api.ChangeSecretAsync(name, new SecretObject { Metadata = new SecretMetadata { Name = name, OwnerReferences = owners } }, token),
                    CancellationToken.None);
            }
        }
        catch (SluiceException exception)
        {
            // The next renewal does it, or the run's end takes the Secret away.
            LogNotOwned(exception, order.Run, order.Name);
        }
    }

    /// <summary>Renews a run's credential as long as its workflow is followed; at once where it was made by a service that is gone.</summary>
    public async Task KeepAsync(WorkflowOrder order, CancellationToken cancellationToken)
    {
        while (true)
        {
            var age = _made.TryGetValue(order.Run, out var made) ? time.GetElapsedTime(made) : credentials.Lifetime;
            var rest = (credentials.Lifetime / RenewalsInALifetime) - age;
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }

            try
            {
                if (await OwnersAsync(order, cancellationToken) is { Count: > 0 } owners)
                {
                    await PutAsync(order, owners, cancellationToken);
                    LogRenewed(order.Run, order.Name);
                }
                else
                {
                    return;
                }
            }
            catch (SluiceException exception)
            {
                LogNotRenewed(exception, order.Run, order.Name);
                await Task.Delay(credentials.Lifetime / TriesInALifetime, time, cancellationToken);
            }
        }
    }

    /// <summary>Takes a run's Secret away.</summary>
    public async Task DeleteAsync(RunId run, CancellationToken cancellationToken)
    {
        _made.TryRemove(run, out _);
        await calls.CallAsync(token => calls.Api.DeleteSecretAsync(NameOf(run), token), cancellationToken);
    }

    private async Task<List<Owner>> OwnersAsync(WorkflowOrder order, CancellationToken cancellationToken) =>
        await calls.CallAsync(token => calls.Api.FindAsync(order.Name, token), cancellationToken) is { Metadata: { Uid: { } uid } metadata }
            ? [new Owner { Name = metadata.Name, Uid = uid }]
            : [];

    // Not given up half-way: it may be carried out all the same, and would then come after its run has ended.
    private async Task PutAsync(WorkflowOrder order, List<Owner> owners, CancellationToken cancellationToken)
    {
        var credential = await credentials.CreateAsync(order.Job.Name, order.Run, cancellationToken);
        var made = time.GetTimestamp();
        var secret = new SecretObject
        {
            Metadata = new SecretMetadata { Name = NameOf(order.Run), Labels = WorkflowRenderer.LabelsOf(order), OwnerReferences = owners },
            Data = new Dictionary<string, string>
            {
                [AccessKey] = Encode(credential.AccessKey),
                [SecretKey] = Encode(credential.SecretKey),
                [SessionToken] = Encode(credential.SessionToken),
            },
        };
        if (!await calls.CallAsync(_ => calls.Api.CreateSecretAsync(secret, CancellationToken.None), cancellationToken))
        {
            await calls.CallAsync(_ => calls.Api.ChangeSecretAsync(secret.Metadata.Name, secret, CancellationToken.None), cancellationToken);
        }

        _made[order.Run] = made;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(LogLevel.Information, "Run {RunId}: the pods of the Workflow {Workflow} have a new credential")]
    private partial void LogRenewed(RunId runId, string workflow);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: the credential for the pods of the Workflow {Workflow} is not renewed and is tried again")]
    private partial void LogNotRenewed(Exception exception, RunId runId, string workflow);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: the Secret of the run is not the Workflow {Workflow}'s yet")]
    private partial void LogNotOwned(Exception exception, RunId runId, string workflow);
}
