using System.Text;
using Sluice.Adapters.Registry;
using Sluice.Core.Planning;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Adapters.Tests.Registry;

/// <summary>A resolver with a Docker configuration of its own.</summary>
public abstract class RegistryFixture : IDisposable
{
    protected const string Platform = "linux/amd64";

    private readonly TempFolder _folder = new();

    protected RegistryFixture() => Options = new ImageOptions
    {
        Insecure = ["127.0.0.1", "localhost"],
        PrivateHosts = ["127.0.0.1", "localhost"],
        ConfigFile = _folder["config.json"],
        Timeout = TimeSpan.FromSeconds(10),
    };

    protected ImageOptions Options { get; }

    protected TempFolder Folder => _folder;

    /// <summary>Looks one image up, anew.</summary>
    protected async Task<ImageAnswer> AskAsync(string image, string platform = Platform) =>
        (await RegistryServices.CreateResolver(Options, TimeProvider.System).ResolveAsync([image], platform, CancellationToken.None))[image];

    /// <summary>The digest of an image that there is.</summary>
    protected async Task<string> DigestOfAsync(string image, string platform = Platform)
    {
        var answer = await AskAsync(image, platform);
        Assert.True(answer.Digest is not null, $"{answer.Fault}: {image} {answer.Problem}. {answer.Advice}");
        return answer.Digest.ToString()!;
    }

    /// <summary>What is wrong with one that is not to be had: who has to act, and why.</summary>
    protected async Task<string> ProblemOfAsync(string image, string platform = Platform)
    {
        var answer = await AskAsync(image, platform);
        Assert.Null(answer.Digest);
        return $"{answer.Fault}: {answer.Problem}. {answer.Advice}";
    }

    protected void WriteConfig(string json) => File.WriteAllText(Options.ConfigFile, json);

    protected void LogIn(string host, string user = TestRegistry.User, string password = TestRegistry.Password) =>
        WriteConfig($$"""{"auths": {"{{host}}": {"auth": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}}"} } }""");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
