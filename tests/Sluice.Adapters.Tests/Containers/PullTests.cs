using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Adapters.Containers;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>Images that are not there yet, from a real registry.</summary>
public sealed class PullTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly DockerClient _client = new DockerClientConfiguration(TestContainers.Host).CreateClient();
    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_image_is_pulled_by_its_digest_and_the_log_says_so()
    {
        var image = $"{_registry.Host}/job@{await PushAsync()}";

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => RunAsync(image, $"log{number}")));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.All(Enumerable.Range(0, 3), number => Assert.EndsWith("yes\n", File.ReadAllText(_folder[$"log{number}"]), StringComparison.Ordinal));
        Assert.Contains(Enumerable.Range(0, 3), number => File.ReadAllText(_folder[$"log{number}"]).StartsWith($"[sluice] pulling {image}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_that_its_registry_does_not_know_fails_its_task()
    {
        var image = $"{_registry.Host}/job@sha256:{new string('0', 64)}";

        var outcome = await RunAsync(image, "log");

        Assert.Null(outcome.ExitCode);
        Assert.Contains($"its image '{image}' cannot be pulled: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("unknown", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_built_for_the_commit_is_waited_for_until_it_comes()
    {
        var running = RunAsync($"{_registry.Host}/job:latest", "log", awaits: true);
        await Eventually.TrueAsync(() => File.Exists(_folder["log"]) && File.ReadAllText(_folder["log"]).Contains("[sluice] waiting for the image", StringComparison.Ordinal));
        await PushAsync();

        var outcome = await running;

        Assert.Null(outcome.Error);
        Assert.EndsWith("yes\n", await File.ReadAllTextAsync(_folder["log"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_built_for_the_commit_that_does_not_come_fails_its_task()
    {
        var outcome = await RunAsync($"{_registry.Host}/job:latest", "log", awaits: true, TimeSpan.FromSeconds(1));

        Assert.Contains("it was waited for 1 s", outcome.Error, StringComparison.Ordinal);
    }

    private async Task<CommandOutcome> RunAsync(string image, string log, bool awaits = false, TimeSpan? wait = null)
    {
        var options = new ContainerOptions
        {
            Host = TestContainers.Host,
            User = "65534:65534",
            HandsFoldersOver = true,
            State = "pull-" + Path.GetRandomFileName(),
            ImageWait = wait ?? TimeSpan.FromSeconds(20),
        };
        using var engine = new ContainerEngine(options, TimeProvider.System, NullLogger.Instance);
        Directory.CreateDirectory(_folder[log + ".work"]);
        return await engine.RunAsync(
            new CommandRequest
            {
                Argv = ["/busybox", "echo", "yes"],
                WorkFolder = _folder[log + ".work"],
                Variables = new Dictionary<string, string>(),
                LogPath = _folder[log],
                Image = image,
                AwaitsImage = awaits,
            },
            default);
    }

    private async Task<string> PushAsync()
    {
        var (name, digest) = ($"{_registry.Host}/job", "");
        using var files = new MemoryStream();
        using (var tar = new TarWriter(files, leaveOpen: true))
        {
            // One that the engine has never seen.
            await tar.WriteEntryAsync("/bin/busybox", "busybox");
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, Guid.NewGuid().ToString("n")));
        }

        files.Position = 0;
        await _client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name, Tag = "latest" }, files, new AuthConfig(), new Pushed(_ => { }));
        var progress = new Pushed(text => digest = text.Split(' ').FirstOrDefault(word => word.StartsWith("sha256:", StringComparison.Ordinal)) ?? digest);
        await _client.Images.PushImageAsync(name, new ImagePushParameters { Tag = "latest" }, new AuthConfig(), progress);
        await _client.Images.DeleteImageAsync($"{name}:latest", new ImageDeleteParameters { Force = true });
        return digest;
    }

    private sealed class Pushed(Action<string> take) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => take(value.Status ?? "");
    }
}
