using System.Net;
using System.Net.Http.Json;
using CsCheck;
using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests.Differential;

/// <summary>
/// Invariants 1, 2, 3 and 5 over random jobs and random edits, through the real binary over HTTP: sound beside a clean full run, minimal beside
/// an account of its own, and the same when the service is killed at random moments.
/// </summary>
public abstract class DifferentialTests
{
    private static readonly Gen<(int Kind, int Target, int Value)> GenEdit = Gen.Select(Gen.Int[0, 14], Gen.Int[0, 5], Gen.Int[0, 2]);

    private static readonly Gen<(int[] Bits, (int Kind, int Target, int Value)[] Edits)> GenCase =
        Gen.Select(Gen.Int[0, 0x7fff].Array[JobModel.TaskCount], GenEdit.Array[2, 6]);

    private static int _jobs;

    /// <summary>How many random jobs are tried.</summary>
    protected abstract int Cases { get; }

    /// <summary>The image that tasks run in, where they do.</summary>
    protected virtual string Image => "registry.example.org/job";

    [Fact]
    public async Task Stored_data_equals_a_clean_run_and_nothing_is_computed_twice()
    {
        await using var service = await TestService.StartAsync(await SettingsAsync());

        await GenCase.SampleAsync(it => CheckAsync(service, it.Bits, it.Edits, RunAsync), iter: Cases, threads: 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_service_that_is_killed_at_random_stores_the_same(int seed)
    {
        await using var service = await TestService.StartAsync(await SettingsAsync());
        var random = new Random(seed);
        var bits = Enumerable.Range(0, JobModel.TaskCount).Select(_ => random.Next(0x7fff)).ToArray();
        var edits = Enumerable.Range(0, 3).Select(_ => (random.Next(6), random.Next(6), random.Next(3))).ToArray();

        await CheckAsync(service, bits, edits, (to, repository, job) => RunKilledAsync(to, repository, job, random));
    }

    /// <summary>The settings of the service.</summary>
    protected abstract Task<(string Name, string Value)[]> SettingsAsync();

    private async Task CheckAsync(
        TestService service,
        int[] bits,
        (int Kind, int Target, int Value)[] edits,
        Func<TestService, TestRepository, string, Task<RunView>> run)
    {
        var job = $"job{Interlocked.Increment(ref _jobs)}";
        List<JobModel> history = [JobModel.Of(bits, Image)];
        using var repository = await ModelRepository.CreateAsync(history[0]);
        var computed = new HashSet<string>();
        var last = await RunAndCheckAsync(history[0], 0);
        foreach (var (kind, target, value) in edits)
        {
            // The last kind of edit goes back to a state that was there before.
            var isRevert = kind == 14;
            var model = isRevert ? history[target % history.Count] : history[^1].Edit(kind, target, value);
            history.Add(model);
            await repository.CommitAsync(model);
            last = await RunAndCheckAsync(model, isRevert || !JobModel.Matters(kind) ? 0 : JobModel.TaskCount);
        }

        var clean = await RunAsync(service, repository.Repository, $"{job}-clean");
        Assert.Equal(await DataAsync($"{job}-clean", clean), await DataAsync(job, last));

        async Task<RunView> RunAndCheckAsync(JobModel model, int mostExecuted)
        {
            var ended = await run(service, repository.Repository, job);
            var stored = await service.Api.GetCommitAsync(job, ended.Commit);
            var executed = ended.Tasks!.Where(task => task.State == "executed").Select(task => task.Name).ToHashSet();
            foreach (var task in model.Tasks)
            {
                var isNew = computed.Add(model.EssenceOf(task, stored));
                Assert.True(isNew == executed.Contains(task.Name), $"{task.Name} {(isNew ? "was not computed" : "was computed twice")}");
            }

            Assert.True(history.Count == 1 || executed.Count <= mostExecuted, $"{executed.Count} ran where {mostExecuted} had to");
            Assert.All(ended.Tasks!, task => Assert.True(IsAsPredicted(task), $"{task.Name}: {task.Planned}, {task.State}"));
            var again = await service.RunAsync(repository.Repository, HttpStatusCode.OK, job);
            Assert.Equal(ended.Id, again.Id);
            return ended;
        }

        async Task<string> DataAsync(string name, RunView of) => string.Join(
            '\n', (await service.Api.GetCommitAsync(name, of.Commit)).Files.Select(file => $"{file.Path} {file.Digest}"));
    }

    private static bool IsAsPredicted(TaskView task) => task.Planned switch
    {
        "run" => task.State is "executed",
        "may_run" => task.State is "executed" or "cut_off",
        var planned => task.State == planned,
    };

    private static async Task<RunView> RunAsync(TestService service, TestRepository repository, string job)
    {
        using var response = await service.PostAsync(new { job_name = job, job_url = repository.Path, adopt = false });
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(ClientJson.Default.RunView))!;
    }

    private static async Task<RunView> RunKilledAsync(TestService service, TestRepository repository, string job, Random random)
    {
        using var response = await service.PostAsync(new { job_name = job, job_url = repository.Path, adopt = false }, prefer: "respond-async");
        var id = response.Headers.Location!.ToString().Split('/')[^1];
        for (var kill = 0; kill < 2; kill++)
        {
            await service.Api.EventsAsync(id).Take(random.Next(1, 30)).LastAsync();
            await service.KillAsync();
            await service.RestartAsync();
        }

        await service.Api.EventsAsync(id).LastAsync();
        return await service.Api.GetRunAsync(id);
    }
}
