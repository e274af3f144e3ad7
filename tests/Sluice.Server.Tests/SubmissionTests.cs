using System.Net;
using System.Net.Http.Json;
using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Which run a request gets, and when it is told.</summary>
public sealed class SubmissionTests
{
    private static readonly (string Path, string Content)[] Quick =
        [("dependencies.yaml", "a: {outputs: [o], code: [dependencies.yaml], command: 'echo 1 > data/o'}")];

    private static readonly (string Path, string Content)[] Endless =
        [("dependencies.yaml", "a: {outputs: [o], code: [dependencies.yaml], command: 'sleep 600'}")];

    [Fact]
    public async Task A_client_that_goes_away_during_the_fetch_does_not_stop_the_run()
    {
        using var repository = await TestRepository.CreateAsync(Quick);
        await using var host = await GatedGitHost.StartAsync(repository);
        await using var service = await TestService.StartAsync(GatedGitHost.Settings);
        using var leaving = new CancellationTokenSource();
        var request = service.Http.PostAsJsonAsync("/run", new { job_name = "job", job_url = host.Address }, leaving.Token);
        await host.Asked;

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        host.Open();

        await Eventually.TrueAsync(async () => (await service.Api.ListRunsAsync(null)).Items is [{ Status: "succeeded" }]);
    }

    [Fact]
    public async Task A_service_that_stops_during_the_fetch_says_so()
    {
        using var repository = await TestRepository.CreateAsync(Quick);
        await using var host = await GatedGitHost.StartAsync(repository);
        await using var service = await TestService.StartAsync(GatedGitHost.Settings);
        var run = service.PostAsync(new { job_name = "job", job_url = host.Address });
        var plan = service.PostAsync(new { job_name = "job", job_url = host.Address }, "/api/v1/plan");
        await host.Asked;

        await service.StopAsync();
        var answers = await Task.WhenAll(run, plan);
        var problems = await Task.WhenAll(answers.Select(answer => answer.Content.ReadFromJsonAsync(ClientJson.Default.ProblemView)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.All(problems, problem => Assert.EndsWith("stopping", problem!.Type, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_asynchronous_request_is_answered_as_soon_as_the_ref_is_known()
    {
        using var repository = await TestRepository.CreateAsync(Endless);
        await using var host = await GatedGitHost.StartAsync(repository);
        await using var service = await TestService.StartAsync(GatedGitHost.Settings);
        var request = service.PostAsync(new { job_name = "job", job_url = host.Address }, prefer: "wait=0");
        await host.Asked;

        host.Open();
        using var response = await request;

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(response.Headers.Location)).StatusCode);
    }

    [Fact]
    public async Task A_request_in_a_hurry_gets_a_run_that_is_planned_later()
    {
        using var repository = await TestRepository.CreateAsync(Quick);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var stored = await job.RunAsync();

        var again = await SubmitAsync(job, patience: TimeSpan.Zero);
        await repository.CommitAsync(("dependencies.yaml", "a: {comand: x}"));
        var broken = await SubmitAsync(job, patience: TimeSpan.Zero);

        Assert.NotEqual(stored.Id, again.Id);
        Assert.Equal(("succeeded", "unchanged"), (again.Status, again.Tasks![0].State));
        Assert.Equal("failed", broken.Status);
        Assert.Contains("mistakes in the repository", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_equal_requests_at_once_are_one_run()
    {
        using var repository = await TestRepository.CreateAsync(Quick);
        await using var service = await TestService.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.PostAsync(new { job_name = "job", job_url = repository.Path })));
        var runs = await Task.WhenAll(answers.Select(answer => answer.Content.ReadFromJsonAsync(ClientJson.Default.RunView)));

        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        Assert.Single(runs.Select(run => run!.Id).Distinct());
        Assert.Single((await service.Api.ListRunsAsync(null)).Items);
    }

    [Fact]
    public async Task A_request_joins_the_run_that_is_like_it_although_another_has_come_since()
    {
        using var repository = await TestRepository.CreateAsync(Endless);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var request = new RunRequest { JobName = "job", JobUrl = repository.Path };

        var first = await job.Sluice.Api.SubmitAsync(request);
        var forced = await job.Sluice.Api.SubmitAsync(request with { Force = ["a"] });
        var third = await job.Sluice.Api.SubmitAsync(request);

        Assert.NotEqual(first.Run.Id, forced.Run.Id);
        Assert.Equal(first.Run.Id, third.Run.Id);
    }

    [Fact]
    public async Task A_target_may_be_named_twice_and_an_unknown_one_is_named_back()
    {
        using var repository = await TestRepository.CreateAsync(Quick);
        await using var service = await TestService.StartAsync();

        using var twice = await service.PostAsync(new { job_name = "job", job_url = repository.Path, targets = new[] { "a", "a", "o" } });
        using var unknown = await service.PostAsync(new { job_name = "job", job_url = repository.Path, targets = new[] { "b", "a", "b" } });
        var problem = await unknown.Content.ReadFromJsonAsync(ClientJson.Default.ProblemView);

        Assert.Equal(HttpStatusCode.Created, twice.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.StartsWith("'b': neither a task nor an output", problem!.Detail, StringComparison.Ordinal);
    }

    private static async Task<RunView> SubmitAsync(EmbeddedJob job, TimeSpan patience)
    {
        var submitted = await job.Sluice.Api.SubmitAsync(
            new RunRequest { JobName = "job", JobUrl = job.Repository.Path, Adopt = false }, patience, CancellationToken.None);
        Assert.False(submitted.IsStored);
        return await job.Sluice.Api.WaitAsync(submitted.Run.Id, CancellationToken.None);
    }
}
