using System.Net;
using Amazon.S3.Model;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>The same job gives the same data wherever it is stored.</summary>
public sealed class StoreKindTests
{
    private const string Tasks = """
        rows: {inputs: [raw.csv], outputs: [rows.csv], code: [tool.sh], command: sh tool.sh}
        parts: {inputs: [rows.csv], outputs: [parts/], code: [tool.sh], command: mkdir data/parts; cp data/rows.csv 'data/parts/a b'; touch data/parts/empty}
        count: {inputs: [parts/], outputs: [count], code: [tool.sh], command: cat data/parts/* | wc -l > data/count}
        """;

    [Fact]
    public async Task Files_and_S3_hold_the_same_and_the_copy_is_what_the_record_says()
    {
        var settings = await TestS3.SettingsAsync();
        var bucket = settings.Single(setting => setting.Name == "SLUICE_STORE__BUCKET").Value;
        await using var onFiles = await TestService.StartAsync();
        await using var onS3 = await TestService.StartAsync(settings);
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", Tasks), ("tool.sh", "sort data/raw.csv > data/rows.csv\n"), ("data/raw.csv", "b\na\n"));
        var run = await onFiles.RunAsync(repository);
        await onS3.RunAsync(repository);

        var fromFiles = await DataAsync(onFiles, run.Commit);
        var fromS3 = await DataAsync(onS3, run.Commit);

        Assert.Equal(fromFiles, fromS3);
        Assert.Contains("parts/a b", string.Join('\n', fromS3), StringComparison.Ordinal);
        using var client = TestS3.Connect();
        var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = $"job/{run.Commit}/data/" });
        Assert.Equal(["count", "parts/a b", "parts/empty", "raw.csv", "rows.csv"], listed.S3Objects.Select(found => found.Key.Split("/data/")[1]));
        using var answer = await onS3.Http.GetAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/rows.csv");
        Assert.Equal("a\nb\n", await answer.Content.ReadAsStringAsync());
        await onS3.RunAsync(repository, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_content_that_is_lost_on_S3_is_made_again_and_nothing_else()
    {
        var settings = await TestS3.SettingsAsync();
        var bucket = settings.Single(setting => setting.Name == "SLUICE_STORE__BUCKET").Value;
        await using var service = await TestService.StartAsync(settings);
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", Tasks), ("tool.sh", "sort data/raw.csv > data/rows.csv\n"), ("data/raw.csv", "b\na\n"));
        var first = await service.RunAsync(repository);
        var rows = (await service.Api.GetCommitAsync("job", first.Commit)).Files.Single(file => file.Path == "rows.csv").Digest["sha256:".Length..];
        using var client = TestS3.Connect();
        await client.DeleteObjectAsync(bucket, $"job/.sluice/cas/sha256/{rows[..2]}/{rows}");
        await repository.CommitAsync(("dependencies.yaml", Tasks.Replace("touch", "true; touch", StringComparison.Ordinal)));

        var second = await service.RunAsync(repository);

        Assert.Equal(
            ["rows executed", "parts executed", "count cut_off"], second.Tasks!.Select(task => $"{task.Name} {task.State}"));
    }

    [Fact]
    public async Task A_service_whose_server_is_gone_says_so_and_goes_on_when_it_is_back()
    {
        var settings = await TestS3.SettingsAsync();
        await using var proxy = new FlakyProxy(TestS3.Endpoint, breaksOneIn: 0, seed: 0);
        await using var service = await TestService.StartAsync(Through(proxy, settings));
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", Tasks), ("tool.sh", "sort data/raw.csv > data/rows.csv\n"), ("data/raw.csv", "b\na\n"));
        proxy.IsCut = true;

        using var refused = await service.PostAsync(new { job_name = "job", job_url = repository.Path });
        proxy.IsCut = false;
        var run = await service.RunAsync(repository);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("store-unavailable", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("succeeded", run.Status);
    }

    [Fact]
    public async Task A_run_whose_server_goes_away_in_the_middle_ends_right_when_it_is_back()
    {
        var settings = await TestS3.SettingsAsync();
        using var folder = new TempFolder();
        await using var proxy = new FlakyProxy(TestS3.Endpoint, breaksOneIn: 0, seed: 0);
        await using var service = await TestService.StartAsync(Through(proxy, settings));
        using var repository = await TestRepository.CreateAsync((
            "dependencies.yaml",
            $"wait: {{outputs: [o], code: [dependencies.yaml], command: 'while [ ! -e {folder["go"]} ]; do sleep 0.05; done; echo done > data/o'}}\n"));
        using var accepted = await service.PostAsync(new { job_name = "job", job_url = repository.Path }, prefer: "respond-async");
        var id = accepted.Headers.Location!.ToString().Split('/')[^1];
        await service.Api.EventsAsync(id).FirstAsync(happened => happened.Task?.State == "running");

        proxy.IsCut = true;
        await File.WriteAllTextAsync(folder["go"], "");
        await Eventually.TrueAsync(() => proxy.Refused >= 3);
        proxy.IsCut = false;
        await service.Api.EventsAsync(id).LastAsync();

        Assert.Equal("succeeded", (await service.Api.GetRunAsync(id)).Status);
        Assert.Single((await service.Api.GetCommitAsync("job", (await service.Api.GetRunAsync(id)).Commit)).Files, file => file.Path == "o");
    }

    private static (string Name, string Value)[] Through(FlakyProxy proxy, (string Name, string Value)[] settings) =>
        [.. settings.Select(setting => setting.Name == "SLUICE_STORE__ENDPOINT" ? (setting.Name, proxy.Address.ToString()) : setting)];

    private static async Task<IEnumerable<string>> DataAsync(TestService service, string commit) =>
        (await service.Api.GetCommitAsync("job", commit)).Files.Select(file => $"{file.Path} {file.Digest} {file.Size}");
}
