using System.Diagnostics;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>Commands that are stopped or killed, and what others see of them.</summary>
public sealed class InterruptionTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestRepository _repository = null!;
    private SluiceCommand _sluice = null!;

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync();
        _sluice = new SluiceCommand(_repository, _folder["state"]);
        await CommitAsync("echo first");
    }

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_interrupted_run_ends_as_cancelled_with_exit_code_130_and_leaves_nothing_behind()
    {
        using var run = await StartRunAsync();

        using var kill = Process.Start("kill", ["-TERM", $"{run.Id}"]);
        await run.WaitForExitAsync();
        var seen = await NewestAsync();

        Assert.Equal(130, run.ExitCode);
        Assert.DoesNotContain("running a.py", await run.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("cancelled", seen.GetProperty("status").GetString());
        Assert.Equal(1, seen.GetProperty("counts").GetProperty("cancelled").GetInt32());
    }

    [Fact]
    public async Task Ctrl_c_in_a_terminal_reaches_the_whole_group_and_ends_the_run_with_its_tasks()
    {
        await _repository.CommitAsync(("dependencies.yaml", $$"""
            $job: {name: my-job}
            a.py: {outputs: [o], code: [dependencies.yaml], command: "echo $$ > {{_folder["pid"]}}; sleep 600"}
            """));
        using var run = _sluice.Start(inOwnGroup: true, "run");
        await Eventually.TrueAsync(() => File.Exists(_folder["pid"]) && new FileInfo(_folder["pid"]).Length > 0);

        using var kill = Process.Start("kill", ["-INT", "--", $"-{run.Id}"]);
        await run.WaitForExitAsync();

        Assert.Equal(130, run.ExitCode);
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(_folder["pid"])).Trim()}"));
        Assert.Equal("cancelled", (await NewestAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_run_goes_on_while_others_look_and_the_next_run_waits_for_it()
    {
        using var run = await StartRunAsync();

        var seen = await NewestAsync();
        using var next = _sluice.Start("run");
        Assert.StartsWith("waiting for another sluice command", await next.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["go"], "");

        Assert.Equal("running", seen.GetProperty("status").GetString());
        Assert.Contains("1 executed", await run.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains("nothing to run", await next.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_run_is_taken_up_by_the_next_run_of_its_commit_and_not_by_a_look()
    {
        using var run = await StartRunAsync();
        run.Kill();
        await run.WaitForExitAsync();
        await File.WriteAllTextAsync(_folder["go"], "");

        var looked = await NewestAsync();
        await _sluice.RunAsync(0, "run");
        var ended = await NewestAsync();

        Assert.Equal("running", looked.GetProperty("status").GetString());
        Assert.Equal("succeeded", ended.GetProperty("status").GetString());
        Assert.Equal(looked.GetProperty("id").GetString(), ended.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_killed_run_is_ended_by_a_run_of_a_later_commit()
    {
        using var run = await StartRunAsync();
        run.Kill();
        await run.WaitForExitAsync();
        await File.WriteAllTextAsync(_folder["go"], "");
        var killed = (await NewestAsync()).GetProperty("id").GetString()!;
        await CommitAsync("echo second");

        await _sluice.RunAsync(0, "run");
        var runs = JsonDocument.Parse((await _sluice.RunAsync(0, "runs", "--json")).StandardOutput).RootElement.GetProperty("items").EnumerateArray()
            .ToDictionary(it => it.GetProperty("id").GetString()!, it => it.GetProperty("status").GetString());

        Assert.Equal(2, runs.Count);
        Assert.Equal("cancelled", runs[killed]);
    }

    // A run whose only task waits for the file 'go'.
    private async Task<Process> StartRunAsync()
    {
        var run = _sluice.Start("run");
        Assert.Equal("running a.py", await run.StandardError.ReadLineAsync());
        return run;
    }

    private Task<string> CommitAsync(string command) => _repository.CommitAsync(
        ("dependencies.yaml", $$"""
            $job: {name: my-job}
            a.py: {outputs: [o], code: [dependencies.yaml], command: "until [ -e {{_folder["go"]}} ]; do sleep 0.05; done; {{command}} > data/o"}
            """));

    private async Task<JsonElement> NewestAsync() =>
        JsonDocument.Parse((await _sluice.RunAsync(0, "runs", "--json")).StandardOutput).RootElement.GetProperty("items")[0];
}
