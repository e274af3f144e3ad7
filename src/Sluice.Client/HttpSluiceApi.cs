using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Client;

/// <summary>A service, over HTTP.</summary>
/// <param name="http">With the service's address as its base, and no time-out of its own: runs take as long as they take.</param>
public sealed class HttpSluiceApi(HttpClient http) : ISluiceApi
{
    /// <summary>A client for a service's address.</summary>
    /// <param name="address">For example <c>http://127.0.0.1:8000</c>, or <c>https://example.org/sluice</c> behind a proxy.</param>
    /// <param name="token">A bearer token, or null.</param>
    public static HttpSluiceApi Connect(Uri address, string? token)
    {
        var root = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/" }.Uri;
        var http = new HttpClient { BaseAddress = root, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return new HttpSluiceApi(http);
    }

    /// <inheritdoc/>
    public async Task<SubmitResult> SubmitAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, request.LooksAgain ? "sync" : "run") { Content = JsonContent.Create(request, ClientJson.Default.RunRequest) };
        message.Headers.Add("Prefer", "respond-async");
        using var response = await SendAsync(message, cancellationToken);
        var run = await ReadAsync(response, ClientJson.Default.RunView, cancellationToken);
        return new SubmitResult(run, response.StatusCode == System.Net.HttpStatusCode.OK);
    }

    /// <inheritdoc/>
    public async Task<PlanView> PlanAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "api/v1/plan") { Content = JsonContent.Create(request, ClientJson.Default.RunRequest) };
        using var response = await SendAsync(message, cancellationToken);
        return await ReadAsync(response, ClientJson.Default.PlanView, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RunView> GetRunAsync(string runId, CancellationToken cancellationToken = default) =>
        GetAsync(Url($"api/v1/runs/{Escape(runId)}"), ClientJson.Default.RunView, cancellationToken);

    /// <inheritdoc/>
    public Task<PageView<RunView>> ListRunsAsync(
        string? job, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        GetAsync(
            Url(job is null ? "api/v1/runs" : $"api/v1/jobs/{Escape(job)}/runs", ("limit", limit?.ToString()), ("cursor", cursor)),
            ClientJson.Default.PageViewRunView,
            cancellationToken);

    /// <inheritdoc/>
    public Task<PageView<JobView>> ListJobsAsync(int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        GetAsync(Url("api/v1/jobs", ("limit", limit?.ToString()), ("cursor", cursor)), ClientJson.Default.PageViewJobView, cancellationToken);

    /// <inheritdoc/>
    public Task<JobView> GetJobAsync(string job, CancellationToken cancellationToken = default) =>
        GetAsync(Url($"api/v1/jobs/{Escape(job)}"), ClientJson.Default.JobView, cancellationToken);

    /// <inheritdoc/>
    public Task<PageView<TaskView>> ListTasksAsync(
        string runId, string? state = null, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        GetAsync(
            Url($"api/v1/runs/{Escape(runId)}/tasks", ("state", state), ("limit", limit?.ToString()), ("cursor", cursor)),
            ClientJson.Default.PageViewTaskView,
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEventView> EventsAsync(
        string runId, long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, Url($"api/v1/runs/{Escape(runId)}/events", ("after", after.ToString())));
        using var response = await SendAsync(message, cancellationToken);
        await using var body = await BodyAsync(response, cancellationToken);
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            var id = long.TryParse(item.EventId, out var number) ? number : 0;
            yield return item.EventType == "task"
                ? new RunEventView(id, item.EventType, null, JsonSerializer.Deserialize(item.Data, ClientJson.Default.TaskView))
                : new RunEventView(id, item.EventType, JsonSerializer.Deserialize(item.Data, ClientJson.Default.RunView), null);
            if (item.EventType == "end")
            {
                yield break;
            }
        }

        throw Gone(null);
    }

    /// <inheritdoc/>
    public async Task CancelAsync(string runId, CancellationToken cancellationToken = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Url($"api/v1/runs/{Escape(runId)}/cancel"));
        using var response = await SendAsync(message, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<WhyView> WhyAsync(
        string runId, string? task = null, string? against = null, CancellationToken cancellationToken = default) =>
        GetAsync(Url($"api/v1/runs/{Escape(runId)}/why", ("task", task), ("against", against)), ClientJson.Default.WhyView, cancellationToken);

    /// <inheritdoc/>
    public Task<GraphView> GraphAsync(string runId, CancellationToken cancellationToken = default) =>
        GetAsync(Url($"api/v1/runs/{Escape(runId)}/graph"), ClientJson.Default.GraphView, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> LogAsync(string runId, string task, bool follow = false, CancellationToken cancellationToken = default) =>
        OpenAsync(Url($"api/v1/runs/{Escape(runId)}/log", ("task", task), ("follow", follow ? "true" : null)), cancellationToken);

    /// <inheritdoc/>
    public async Task<string> ManifestAsync(string runId, CancellationToken cancellationToken = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, Url($"api/v1/runs/{Escape(runId)}/manifest"));
        using var response = await SendAsync(message, cancellationToken);
        using var reader = new StreamReader(await BodyAsync(response, cancellationToken));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CommitView> GetCommitAsync(string job, string sha, string? runId = null, CancellationToken cancellationToken = default) =>
        GetAsync(Url($"api/v1/jobs/{Escape(job)}/commits/{Escape(sha)}", ("run", runId)), ClientJson.Default.CommitView, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> GetDataAsync(
        string job, string sha, string path, string? runId = null, CancellationToken cancellationToken = default) =>
        OpenAsync(
            Url($"api/v1/jobs/{Escape(job)}/commits/{Escape(sha)}/data/{string.Join('/', path.Split('/').Select(Escape))}", ("run", runId)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistoryView>> HistoryAsync(string job, string path, CancellationToken cancellationToken = default) =>
        GetAsync(Url($"api/v1/jobs/{Escape(job)}/history", ("path", path)), ClientJson.Default.IReadOnlyListHistoryView, cancellationToken);

    /// <inheritdoc/>
    public Task<DiffView> DiffAsync(string job, string from, string to, CancellationToken cancellationToken = default) =>
        GetAsync(Url($"api/v1/jobs/{Escape(job)}/diff", ("from", from), ("to", to)), ClientJson.Default.DiffView, cancellationToken);

    private static string Escape(string part) => Uri.EscapeDataString(part);

    private static string Url(string path, params (string Name, string? Value)[] query)
    {
        var given = query.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Escape(pair.Value!)}").ToList();
        return given.Count == 0 ? path : $"{path}?{string.Join('&', given)}";
    }

    private async Task<T> GetAsync<T>(string url, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await SendAsync(message, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private async Task<Stream> OpenAsync(string url, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, url);
        var response = await SendAsync(message, cancellationToken);
        return await BodyAsync(response, cancellationToken);
    }

    private async Task<AnswerStream> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(await response.Content.ReadAsStreamAsync(cancellationToken), Gone);

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await BodyAsync(response, cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw Unreadable(response, null);
        }
        catch (JsonException exception)
        {
            throw Unreadable(response, exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Problem(503, "service-unavailable", "The service does not answer", $"The service at {Address} does not answer.", exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new SluiceApiException(await ReadAsync(response, ClientJson.Default.ProblemView, cancellationToken));
        }
    }

    // Without the user info that an address may have.
    private string Address => http.BaseAddress!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private SluiceApiException Gone(Exception? exception) => Problem(
        503,
        "service-gone",
        "The service went away",
        $"The service at {Address} went away in the middle of its answer; the runs that it had go on when it is back (`sluice runs`).",
        exception);

    private SluiceApiException Unreadable(HttpResponseMessage response, Exception? exception) => Problem(
        502,
        "no-service",
        "The service gave an answer that is not its own",
        $"HTTP {(int)response.StatusCode} from {Address}: is that a Sluice service?",
        exception);

    private static SluiceApiException Problem(int status, string code, string title, string detail, Exception? exception) =>
        new(new ProblemView { Type = "urn:sluice:problem:" + code, Title = title, Status = status, Detail = detail }, exception);
}
