using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Adapters.Containers;
using Sluice.Adapters.Registry;
using Sluice.Core;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>Images that are not there yet, from a real registry.</summary>
public abstract class PullTests(Uri host) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_image_is_pulled_by_its_digest_and_the_log_says_so()
    {
        var image = $"{_registry.Host}/job@{await _registry.PushBusyboxAsync("job:latest")}";

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
    public async Task An_image_that_is_not_for_this_machine_fails_its_task()
    {
        await _registry.PushIndexAsync("job:1", ("linux/s390x", "x"));

        var outcome = await RunAsync($"{_registry.Host}/job:1", "log");

        Assert.Contains($"its image '{_registry.Host}/job:1' cannot be pulled: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_built_for_the_commit_is_waited_for_until_it_comes()
    {
        var running = RunAsync($"{_registry.Host}/job:latest", "log", awaits: true);
        await Eventually.TrueAsync(() => File.Exists(_folder["log"]) && File.ReadAllText(_folder["log"]).Contains("[sluice] waiting for the image", StringComparison.Ordinal));
        await _registry.PushBusyboxAsync("job:latest");

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

    [Fact]
    public async Task An_image_is_pulled_with_the_password_that_docker_keeps_for_its_registry()
    {
        await using var registry = await TestRegistry.StartWithPasswordAsync();
        var image = $"{registry.Host}/job@{await registry.PushBusyboxAsync("job:latest")}";
        LogIn("127.0.0.1", TestRegistry.Password);
        var nobody = await RunAsync(image, "log");
        LogIn(registry.Host, "top-secret");
        var stranger = await RunAsync(image, "log");

        LogIn(registry.Host, TestRegistry.Password);
        var known = await RunAsync(image, "log");

        Assert.StartsWith($"its image '{image}' cannot be pulled: ", nobody.Error, StringComparison.Ordinal);
        Assert.EndsWith("; look at the name, or log in: SLUICE_IMAGES__CONFIG says where credentials are kept", nobody.Error, StringComparison.Ordinal);
        Assert.EndsWith("; look at the name, and log in with an account that may read it", stranger.Error, StringComparison.Ordinal);
        Assert.Null(known.Error);
        Assert.DoesNotContain("secret", stranger.Error + await File.ReadAllTextAsync(_folder["log"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_or_an_identity_token_is_traded_by_the_engine()
    {
        await using var tokens = await TokenServer.StartAsync();
        await using var registry = await TestRegistry.StartAsync(tokens);
        var images = new List<string>();
        foreach (var name in new[] { "first", "second" })
        {
            registry.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Sign(name, "pull", "push"));
            images.Add($"{registry.Host}/{name}@{await registry.PushBusyboxAsync(name + ":latest")}");
        }

        var nobody = await RunAsync(images[0], "log");
        LogIn(registry.Host, TestRegistry.Password);
        var password = await RunAsync(images[0], "log");
        WriteConfig($$"""{"auths": {"{{registry.Host}}": {"identitytoken": "{{TestRegistry.Password}}"} } }""");
        var token = await RunAsync(images[1], "log");

        Assert.Contains("; look at the name, or log in", nobody.Error, StringComparison.Ordinal);
        Assert.Null(password.Error);
        Assert.Null(token.Error);
    }

    [Theory]
    [InlineData("""{"credsStore": "sluice-none"}""", "the credential helper docker-credential-sluice-none is not on the PATH. Install it, or name another file")]
    [InlineData("top-secret", "cannot be read. Log in again, or name another file")]
    public async Task Credentials_that_cannot_be_looked_up_are_told_as_planning_tells_them(string config, string words)
    {
        WriteConfig(config);
        var image = $"{_registry.Host}/job@{await _registry.PushBusyboxAsync("job:latest")}";

        var exception = await Assert.ThrowsAsync<SluiceException>(() => RunAsync(image, "log"));

        Assert.Equal(FaultKind.Unavailable, exception.Kind);
        Assert.StartsWith($"The credential for the image '{image}' could not be looked up: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", exception.ToString(), StringComparison.Ordinal);
    }

    private void LogIn(string host, string password) => WriteConfig(
        $$"""{"auths": {"{{host}}": {"auth": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistry.User}:{password}"))}}"} } }""");

    private void WriteConfig(string json) => File.WriteAllText(_folder["config.json"], json);

    private async Task<CommandOutcome> RunAsync(string image, string log, bool awaits = false, TimeSpan? wait = null)
    {
        var options = new ContainerOptions
        {
            Host = host,
            User = "65534:65534",
            HandsFoldersOver = true,
            State = "pull-" + Path.GetRandomFileName(),
            ImageWait = wait ?? TimeSpan.FromSeconds(20),
        };
        var credentials = RegistryServices.CreateCredentials(new ImageOptions { ConfigFile = _folder["config.json"] }, TimeProvider.System);
        using var engine = new ContainerEngine(options, credentials, TimeProvider.System, NullLogger.Instance);
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
}
