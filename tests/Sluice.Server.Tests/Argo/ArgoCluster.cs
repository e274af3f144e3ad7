using Amazon.S3;
using Sluice.Client;
using Sluice.Testing;
using Sluice.Testing.StandIn;

namespace Sluice.Server.Tests.Argo;

/// <summary>A service with the stand-in for Argo and a bucket of its own.</summary>
internal sealed class ArgoCluster : IAsyncDisposable
{
    /// <summary>The setting with which each run has a credential of its own, and nobody else need be let in.</summary>
    public const string RunRole = "SLUICE_ARGO__STORE_ROLE";

    private ArgoCluster(StandInArgo argo, TestService service, string bucket) => (Argo, Service, Bucket) = (argo, service, bucket);

    /// <summary>The stand-in.</summary>
    public StandInArgo Argo { get; }

    /// <summary>The service.</summary>
    public TestService Service { get; }

    /// <summary>The one bucket.</summary>
    public string Bucket { get; }

    /// <summary>A client of the store, behind the service's back.</summary>
    public AmazonS3Client Store { get; } = TestS3.Connect();

    /// <summary>Starts both.</summary>
    /// <param name="settings">More settings of the service.</param>
    public static async Task<ArgoCluster> StartAsync(params (string Name, string Value)[] settings)
    {
        StandInArgo.Require();
        var store = await TestS3.SettingsAsync();
        var argo = await StandInArgo.StartAsync();
        var bucket = store.Single(setting => setting.Name == "SLUICE_STORE__BUCKET").Value;
        if (!settings.Any(setting => setting.Name == RunRole))
        {
            await TestS3.LetPodsInAsync(bucket);
        }

        return new ArgoCluster(argo, await TestService.StartAsync([.. store, .. argo.Settings, .. settings]), bucket);
    }

    /// <summary>A repository whose tasks run in an image.</summary>
    /// <param name="tasks">What follows the job's settings in <c>dependencies.yaml</c>.</param>
    /// <param name="files">More files.</param>
    public static Task<TestRepository> RepositoryAsync(string tasks, params (string Path, string Content)[] files) => TestRepository.CreateAsync(
        [("dependencies.yaml", $"$job: {{code_dir: src, defaults: {{image: registry.example.org/job}}}}\n{tasks}"), ("src/x", "x"), .. files]);

    /// <summary>Asks for a run and does not wait.</summary>
    /// <returns>The run's id.</returns>
    public async Task<string> BeginAsync(TestRepository repository)
    {
        using var accepted = await Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false }, prefer: "respond-async");
        return accepted.Headers.Location!.ToString().Split('/')[^1];
    }

    /// <summary>Waits for a run's end.</summary>
    public async Task<RunView> EndAsync(string id)
    {
        await Service.Api.EventsAsync(id).LastAsync();
        return await Service.Api.GetRunAsync(id);
    }

    /// <summary>What is stored of the job, by key, as far as it begins so.</summary>
    public async Task<List<string>> KeysAsync(string prefix) =>
        [.. (await Store.ListObjectsV2Async(new() { BucketName = Bucket, Prefix = "job/" + prefix })).S3Objects?.Select(found => found.Key["job/".Length..]) ?? []];

    /// <summary>What an object of the job holds.</summary>
    public async Task<byte[]> GetAsync(string key)
    {
        using var answer = await Store.GetObjectAsync(Bucket, "job/" + key);
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Writes an object of the job.</summary>
    public async Task PutAsync(string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await Store.PutObjectAsync(new() { BucketName = Bucket, Key = "job/" + key, InputStream = stream });
    }

    /// <summary>Deletes an object of the job.</summary>
    public Task DeleteAsync(string key) => Store.DeleteObjectAsync(Bucket, "job/" + key);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Service.DisposeAsync();
        await Argo.DisposeAsync();
    }
}
