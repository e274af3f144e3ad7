using System.Net;
using Amazon.S3.Model;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Commits that the original service stored are a baseline.</summary>
public sealed class ImportTests
{
    private const string Tasks = """
        $job: {shared: []}
        clean: {inputs: [raw], outputs: [rows], code: [clean.sh], command: sh clean.sh}
        split: {inputs: [rows], outputs: [parts/], code: [split.sh], command: sh split.sh}
        count: {inputs: [parts/], outputs: [count], code: [count.sh], command: sh count.sh}
        mail:  {inputs: [count], code: [mail.sh], command: sh mail.sh}
        """;

    // What the original left: other bytes than the tasks would make today, so that it shows who made what is used.
    private static readonly (string Name, string Content)[] Left =
    [
        ("dependencies.yaml", Tasks), ("commit_date.txt", "2024-01-02 03:04:05"), ("code/clean.sh", "x"),
        ("data/raw", "b\n"), ("data/rows", "original rows\n"), ("data/parts/1", "original part\n"), ("data/count", "original count\n"),
    ];

    [Fact]
    public async Task On_files_only_what_changed_after_runs()
    {
        await using var service = await TestService.StartAsync();

        await CheckAsync(service, async (name, content) =>
        {
            var path = Path.Combine(service.State, "store", "job", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, content);
        });
    }

    [Fact]
    public async Task On_S3_only_what_changed_after_runs()
    {
        var settings = await TestS3.SettingsAsync();
        var bucket = settings.Single(setting => setting.Name == "SLUICE_STORE__BUCKET").Value;
        await using var service = await TestService.StartAsync(settings);
        using var client = TestS3.Connect();

        await CheckAsync(service, (name, content) =>
            client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = $"job/{name}", ContentBody = content }));
    }

    private static async Task CheckAsync(TestService service, Func<string, string, Task> put)
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", Tasks),
            ("data/raw", "b\n"),
            ("clean.sh", "cp data/raw data/rows\n"),
            ("split.sh", "mkdir data/parts; cp data/rows data/parts/1\n"),
            ("count.sh", "cat data/parts/* | wc -l > data/count\n"),
            ("mail.sh", "echo sent\n"));
        var imported = (await repository.GitAsync("rev-parse", "HEAD")).Trim();
        foreach (var (name, content) in Left)
        {
            await put($"{imported}/{name}", content);
        }

        await repository.CommitAsync(("count.sh", "cat data/parts/* > data/count\n"));

        var run = await service.RunAsync(repository);
        var states = run.Tasks!.ToDictionary(task => task.Name, task => task.State);
        using var count = await service.Http.GetAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/count");

        Assert.Equal(imported, run.BaselineCommit);
        Assert.Equal(("adopted", "adopted", "executed", "executed"), (states["clean"], states["split"], states["count"], states["mail"]));
        Assert.Contains(run.Tasks!.Single(task => task.Name == "count").Reasons, reason => reason is { Code: "code_changed", Subject: "count.sh" });
        Assert.Equal("original part\n", await count.Content.ReadAsStringAsync());
        await service.RunAsync(repository, HttpStatusCode.OK);
    }
}
