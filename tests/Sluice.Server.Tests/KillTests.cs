using System.Net;
using System.Text.Json;
using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Invariant 5: killed at any point and started again, the run ends and nothing is lost or left over.</summary>
public sealed class KillTests
{
    // Slow enough to be killed in the middle; the counter shows how often each task really ran.
    private static string Manifest(string counters) => string.Join(
        '\n',
        Enumerable.Range(0, 6).Select(number => $"""
            t{number}:
              inputs: [{(number == 0 ? "raw.txt" : $"o{number - 1}.txt")}]
              outputs: [o{number}.txt]
              code: [dependencies.yaml]
              command: echo x >> {counters}/t{number}; sleep 0.15; cat data/*.txt > tmp; mv tmp data/o{number}.txt
            """));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_service_that_is_killed_goes_on_where_it_was(int seed)
    {
        using var counters = new TempFolder();
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", Manifest(counters.Path)), ("data/raw.txt", "x"));
        await using var service = await TestService.StartAsync();
        using var accepted = await service.PostAsync(
            new { job_name = "job", job_url = repository.Path, adopt = false }, prefer: "respond-async");
        var id = accepted.Headers.Location!.ToString().Split('/')[^1];
        var random = new Random(seed);
        for (var kill = 0; kill < 3; kill++)
        {
            var wanted = random.Next(1, 9);
            await service.Api.EventsAsync(id).Where(it => it.Task is not null || it.Type == "end").Take(wanted + (kill * 3)).LastAsync();
            await service.KillAsync();
            await service.RestartAsync();
        }

        var events = await service.Api.EventsAsync(id).ToListAsync();
        var run = await service.Api.GetRunAsync(id);
        var again = await service.RunAsync(repository, HttpStatusCode.OK);

        Assert.Equal("succeeded", run.Status);
        Assert.Equal("end", events[^1].Type);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(it => it.Id));
        Assert.All(run.Tasks!, task => Assert.Equal("executed", task.State));
        Assert.Equal(id, again.Id);

        // A task that had ended is not run twice: at most one more for each time that it was interrupted.
        var ran = Enumerable.Range(0, 6).Sum(number => File.ReadAllLines(counters[$"t{number}"]).Length);
        Assert.InRange(ran, 6, 9);
        Assert.Empty(Leftovers(service.State, id));
    }

    [Fact]
    public async Task Tasks_end_with_the_service_that_is_killed()
    {
        using var folder = new TempFolder();
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $"a: {{outputs: [o], code: [dependencies.yaml], command: 'echo $$ > {folder["pid"]}; (setsid sleep 600 &) ; sleep 600'}}"));
        await using var service = await TestService.StartAsync();
        using var accepted = await service.PostAsync(new { job_name = "job", job_url = repository.Path }, prefer: "respond-async");
        var id = accepted.Headers.Location!.ToString().Split('/')[^1];
        await Eventually.TrueAsync(() => File.Exists(folder["pid"]) && File.ReadAllText(folder["pid"]).EndsWith('\n'));
        var pid = File.ReadAllText(folder["pid"]).Trim();

        await service.KillAsync();

        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{pid}"));
        await service.RestartAsync();
        await service.Api.CancelAsync(id);
        Assert.Equal("cancelled", (await service.Api.EventsAsync(id).LastAsync()).Run!.Status);
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_ends_its_tasks_and_takes_the_run_up_again()
    {
        using var folder = new TempFolder();
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $"a: {{outputs: [o], code: [dependencies.yaml], command: 'test -e {folder["second"]} || (touch {folder["first"]}; sleep 600); echo 1 > data/o'}}"));
        await using var service = await TestService.StartAsync();
        var waiting = service.PostAsync(new { job_name = "job", job_url = repository.Path });
        await Eventually.TrueAsync(() => File.Exists(folder["first"]));

        var exitCode = await service.StopAsync();
        using var answer = await waiting;
        File.WriteAllText(folder["second"], "");
        await service.RestartAsync();
        var run = (await service.Api.ListRunsAsync("job")).Items.Single();
        var last = await service.Api.EventsAsync(run.Id).LastAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("succeeded", last.Run!.Status);
    }

    private static IEnumerable<string> Leftovers(string state, string run) =>
        Directory.EnumerateFiles(Path.Combine(state, "work"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(state, "store", "job", ".sluice", "tmp")))
            .Concat(Directory.Exists(Path.Combine(state, "logs", run)) ? Directory.EnumerateFiles(Path.Combine(state, "logs", run)) : []);
}
