using System.Diagnostics;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>The command and a service: one that draws, one that goes away, and one that cannot begin.</summary>
public sealed class ServiceTests : CheckoutFixture
{
    [Fact]
    public async Task A_service_draws_the_newest_run_and_refuses_what_it_would_leave_out()
    {
        await using var service = await TestService.StartAsync();
        await SluiceAsync(0, "--data", service.State, "run");

        var drawn = await SluiceAsync(0, "--data", service.State, "dag");
        await SluiceAsync(0, "--data", service.State, "render");

        Assert.Contains("this is the newest run", drawn.StandardError, StringComparison.Ordinal);
        await SluiceAsync(2, "--data", service.State, "dag", "--ref", "HEAD");
        await SluiceAsync(2, "--data", service.State, "render", "b.py");
        await SluiceAsync(2, "--data", service.State, "render", "--ref", "HEAD");
    }

    [Fact]
    public async Task Who_waits_for_a_service_that_is_killed_is_told_that_it_went_away()
    {
        await WaitForGoAsync();
        await using var service = await TestService.StartAsync();
        using var run = Sluice.Start("--data", service.State, "run");
        Assert.Equal("running a.py", await run.StandardError.ReadLineAsync());
        using var log = Sluice.Start("--data", service.State, "log", "a.py", "-f");
        Assert.Equal("begun", await log.StandardOutput.ReadLineAsync());

        await service.KillAsync();

        foreach (var client in new[] { run, log })
        {
            Assert.Contains("went away", await client.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
            await client.WaitForExitAsync();
            Assert.Equal(4, client.ExitCode);
        }
    }

    [Fact]
    public async Task A_service_behind_a_prefix_is_asked_below_it()
    {
        var result = await SluiceAsync(4, "--server", "http://127.0.0.1:1/team/sluice/", "runs");

        Assert.Contains("http://127.0.0.1:1/team/sluice/ does not answer", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_cannot_listen_says_so_once_and_starts_nothing()
    {
        await WaitForGoAsync();
        using (var run = Sluice.Start("run"))
        {
            Assert.Equal("running a.py", await run.StandardError.ReadLineAsync());
            await Eventually.TrueAsync(() => File.Exists(Folder["begun"]));
            run.Kill();
            await run.WaitForExitAsync();
        }

        await File.WriteAllTextAsync(Folder["go"], "");
        File.Delete(Folder["begun"]);
        await using var other = await TestService.StartAsync();

        var result = await SluiceAsync(2, "serve", "--urls", other.Address);

        Assert.Single(result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("something listens there already", result.StandardError, StringComparison.Ordinal);
        Assert.False(File.Exists(Folder["begun"]));
        Assert.Equal("running", (await JsonAsync(0, "runs")).GetProperty("items")[0].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/foo")]
    [InlineData("http://localhost:0")]
    public async Task An_address_that_nobody_can_listen_on_is_a_mistake(string address)
    {
        var result = await SluiceAsync(2, "serve", "--urls", address);

        Assert.Contains("SLUICE_URLS", result.StandardError, StringComparison.Ordinal);
        Assert.Single(result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_display_goes_on_while_a_task_runs()
    {
        await WaitForGoAsync();
        using var run = Process.Start(new ProcessStartInfo("script", ["-qefc", $"{SluiceBinary.Path} --data {State} run", "/dev/null"])
        {
            WorkingDirectory = Repository.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm" },
        })!;
        var (seen, screen, buffer) = (new HashSet<string>(), "", new char[4096]);
        while (seen.Count < 3)
        {
            var read = await run.StandardOutput.ReadAsync(buffer);
            Assert.NotEqual(0, read);
            screen += new string(buffer, 0, read);
            seen = [.. screen.Split('\r').Where(line => line.Contains("| a.py", StringComparison.Ordinal) && line.EndsWith('s'))];
        }

        await File.WriteAllTextAsync(Folder["go"], "");

        Assert.Contains("1 executed", await run.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private Task<string> WaitForGoAsync() => Repository.CommitAsync(("dependencies.yaml", $$"""
        $job: {name: my-job}
        a.py: {outputs: [o], command: "touch {{Folder["begun"]}}; echo begun; until [ -e {{Folder["go"]}} ]; do sleep 0.05; done; touch data/o"}
        """));
}
