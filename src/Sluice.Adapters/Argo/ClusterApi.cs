using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Sluice.Core.Running;

namespace Sluice.Adapters.Argo;

/// <summary>The requests that are made of the API server. Each is made once; trouble is thrown as it comes.</summary>
/// <remarks>
/// They are written here and not left to the client's operations, which are used for configuration, trust and credentials only: a failure's
/// body and headers decide what is told and when it is tried again, a watch is read line by line, and each answer has its time.
/// </remarks>
internal sealed class ClusterApi(ClusterConnection connection, string @namespace, FollowPace pace, TimeProvider time)
{
    private const int MaxItems = 500;

    private readonly string _workflows = $"apis/argoproj.io/v1alpha1/namespaces/{@namespace}/workflows";

    private readonly string _core = $"api/v1/namespaces/{@namespace}";

    /// <summary>Makes a Workflow; a field that is not known there is an error.</summary>
    /// <returns>False where one of its name is there.</returns>
    public Task<bool> CreateAsync(byte[] json, CancellationToken cancellationToken) => CreateAsync(_workflows, json, cancellationToken);

    /// <summary>Reads a Workflow; null where it is not there.</summary>
    public async Task<WorkflowObject?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync<WorkflowObject>(HttpMethod.Get, $"{_workflows}/{name}", null, cancellationToken);
        }
        catch (ClusterFailedException failed) when (failed.IsMissing)
        {
            return null;
        }
    }

    /// <summary>Reads a Workflow, where it is there, with the version to watch from: one's own may be too old for that.</summary>
    public async Task<(WorkflowObject? Found, string Version)> ListAsync(string name, CancellationToken cancellationToken)
    {
        var list = await AskAsync<ApiList<WorkflowObject>>(HttpMethod.Get, $"{_workflows}?fieldSelector=metadata.name%3D{name}", null, cancellationToken);
        return (list.Items.Count > 0 ? list.Items[0] : null, list.Metadata.ResourceVersion ?? "");
    }

    /// <summary>Asks Argo to end a Workflow with all its pods. The server itself looks whether it is the run's, so that nothing comes between.</summary>
    /// <returns>False where there is none of the run's.</returns>
    public async Task<bool> StopAsync(string name, RunId run, CancellationToken cancellationToken)
    {
        var patch = $$"""
            [{"op":"test","path":"/metadata/labels/{{WorkflowRenderer.RunLabel.Replace("/", "~1", StringComparison.Ordinal)}}","value":"{{run}}"},
            {"op":"add","path":"/spec/shutdown","value":"Terminate"}]
            """;
        using var content = new StringContent(patch, Encoding.UTF8, "application/json-patch+json");
        try
        {
            await AskAsync<ApiStatus>(HttpMethod.Patch, $"{_workflows}/{name}?fieldManager=sluice", content, cancellationToken);
            return true;
        }
        catch (ClusterFailedException failed) when (failed.IsMissing || failed.IsUnmet)
        {
            return false;
        }
    }

    /// <summary>Makes a Secret.</summary>
    /// <returns>False where one of its name is there.</returns>
    public Task<bool> CreateSecretAsync(SecretObject secret, CancellationToken cancellationToken) =>
        CreateAsync($"{_core}/secrets", JsonSerializer.SerializeToUtf8Bytes(secret, ClusterJson.Options), cancellationToken);

    /// <summary>Changes what is given of a Secret. It is not read: nobody need be let do that.</summary>
    public async Task<bool> ChangeSecretAsync(string name, SecretObject secret, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(secret, new MediaTypeHeaderValue("application/merge-patch+json"), ClusterJson.Options);
        await AskAsync<ApiStatus>(HttpMethod.Patch, $"{_core}/secrets/{name}?fieldManager=sluice", content, cancellationToken);
        return true;
    }

    /// <summary>Deletes a Secret.</summary>
    /// <returns>False where it is not there.</returns>
    public async Task<bool> DeleteSecretAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync<ApiStatus>(HttpMethod.Delete, $"{_core}/secrets/{name}", null, cancellationToken);
            return true;
        }
        catch (ClusterFailedException failed) when (failed.IsMissing)
        {
            return false;
        }
    }

    /// <summary>The changes of a Workflow after a version, until the server ends the stream; first that it is open.</summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(string name, string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A connection that died without a word is noticed by a time a little longer than the server's own.
        using var limit = new CancellationTokenSource(pace.Watch + pace.Answer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var path = $"{_workflows}?watch=true&fieldSelector=metadata.name%3D{name}&resourceVersion={version}"
            + $"&allowWatchBookmarks=true&timeoutSeconds={(int)pace.Watch.TotalSeconds}";
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        yield return new WatchEvent(WatchEvent.Opened, default);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(either.Token));
        while (await NextLineAsync() is { } line)
        {
            if (line.Length > 0)
            {
                yield return JsonSerializer.Deserialize<WatchEvent>(line, ClusterJson.Options)!;
            }
        }

        async Task<string?> NextLineAsync()
        {
            try
            {
                return await reader.ReadLineAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <summary>The pods that have not begun, of a Workflow: few, however many have ended.</summary>
    public async Task<IReadOnlyList<Pod>> ListPendingPodsAsync(string workflow, CancellationToken cancellationToken) =>
        (await AskAsync<ApiList<Pod>>(
            HttpMethod.Get,
            $"{_core}/pods?labelSelector=workflows.argoproj.io%2Fworkflow%3D{workflow}&fieldSelector=status.phase%3DPending&limit={MaxItems}",
            null,
            cancellationToken)).Items;

    /// <summary>The pods of a task.</summary>
    public async Task<IReadOnlyList<Pod>> ListPodsAsync(string workflow, int task, CancellationToken cancellationToken) =>
        (await AskAsync<ApiList<Pod>>(
            HttpMethod.Get,
            $"{_core}/pods?labelSelector=workflows.argoproj.io%2Fworkflow%3D{workflow}%2C{Uri.EscapeDataString(PodShapes.TaskLabel)}%3D{task}",
            null,
            cancellationToken)).Items;

    /// <summary>The warnings about pods.</summary>
    public async Task<IReadOnlyList<ClusterEvent>> ListWarningsAsync(CancellationToken cancellationToken) =>
        (await AskAsync<ApiList<ClusterEvent>>(
            HttpMethod.Get, $"{_core}/events?fieldSelector=type%3DWarning%2CinvolvedObject.kind%3DPod&limit={MaxItems}", null, cancellationToken)).Items;

    /// <summary>The output of a pod's main container; null where there is none yet.</summary>
    public async Task<HttpResponseMessage?> OpenLogAsync(string pod, bool follow, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await SendAsync(HttpMethod.Get, $"{_core}/pods/{pod}/log?container=main&follow={(follow ? "true" : "false")}", null, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.NoContent)
            {
                return answer;
            }

            answer.Dispose();
            return null;
        }
        catch (ClusterFailedException failed) when (failed.IsMissing || (failed.Status == HttpStatusCode.BadRequest && IsAboutTheBeginning(failed.Message)))
        {
            return null;
        }
    }

    private static bool IsAboutTheBeginning(string message) =>
        message.Contains("is waiting to start", StringComparison.Ordinal)
        || message.Contains("is not available", StringComparison.Ordinal)
        || message.Contains("does not have a host assigned", StringComparison.Ordinal)
        || message.Contains("is terminated", StringComparison.Ordinal);

    private async Task<bool> CreateAsync(string path, byte[] json, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            await AskAsync<ApiStatus>(HttpMethod.Post, $"{path}?fieldValidation=Strict&fieldManager=sluice", content, cancellationToken);
            return true;
        }
        catch (ClusterFailedException failed) when (failed is { Status: HttpStatusCode.Conflict, Reason: "AlreadyExists" })
        {
            return false;
        }
    }

    private async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(method, path, content, cancellationToken);
        return await InTimeAsync(token => answer.Content.ReadFromJsonAsync<T>(ClusterJson.Options, token), cancellationToken)
            ?? throw new IOException("The API server's answer is empty.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        var answer = await InTimeAsync(token => connection.SendAsync(request, token), cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            var body = await InTimeAsync(answer.Content.ReadAsStringAsync, cancellationToken);
            throw ClusterFailedException.Of(answer.StatusCode, answer.Headers.RetryAfter?.Delta, body);
        }
    }

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(pace.Answer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The API server did not answer within {pace.Answer.TotalSeconds:0} s.");
        }
    }
}
