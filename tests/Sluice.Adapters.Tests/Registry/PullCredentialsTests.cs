using Sluice.Adapters.Registry;
using Sluice.Core.Running;

namespace Sluice.Adapters.Tests.Registry;

/// <summary>What an engine that pulls is given, and for which registry.</summary>
public sealed class PullCredentialsTests : RegistryFixture
{
    private static readonly string Digest = "@sha256:" + new string('0', 64);

    [Theory]
    [InlineData("busybox", "https://index.docker.io/v1/")]
    [InlineData("team/tool", "https://index.docker.io/v1/")]
    [InlineData("docker.io/team/tool", "https://index.docker.io/v1/")]
    [InlineData("example.org:5000/tool", "example.org:5000")]
    public async Task A_credential_names_its_registry_as_docker_does(string name, string server)
    {
        LogIn(server, "me", "secret");

        foreach (var image in new[] { name + Digest, name + ":1", name + ":1" + Digest })
        {
            var found = await FindAsync(image);

            Assert.Equal((server, "me", "secret", false), (found!.Server, found.User, found.Secret, found.IsIdentityToken));
        }
    }

    [Theory]
    [InlineData("example.org:5000/tool")]
    [InlineData("example.org/tool")]
    [InlineData("index.docker.io.example.org/tool")]
    [InlineData("No Name")]
    public async Task None_is_given_for_another_registry(string name)
    {
        LogIn("https://index.docker.io/v1/");

        Assert.Null(await FindAsync(name + Digest));
    }

    [Fact]
    public async Task A_token_is_told_from_a_password_and_nothing_prints_it()
    {
        WriteConfig("""{"auths": {"example.org": {"identitytoken": "secret"} } }""");

        var found = await FindAsync("example.org/tool" + Digest);

        Assert.Equal(("secret", true), (found!.Secret, found.IsIdentityToken));
        Assert.DoesNotContain("secret", found.ToString(), StringComparison.Ordinal);
    }

    private Task<ImageCredential?> FindAsync(string image) =>
        RegistryServices.CreateCredentials(Options, TimeProvider.System).FindAsync(image, CancellationToken.None);
}
