using System.Net.Http.Headers;
using Sluice.Adapters.Registry;
using Sluice.Testing.Registry;

namespace Sluice.Adapters.Tests.Registry;

/// <summary>Images of a real registry.</summary>
public sealed class RealRegistryTests : RegistryFixture
{
    [Fact]
    public async Task A_tag_has_the_digest_of_what_was_pushed_last()
    {
        await using var registry = await TestRegistry.StartAsync();
        var first = await registry.PushAsync("team/tool:1", "first");
        var before = await DigestOfAsync($"{registry.Host}/team/tool:1");

        var second = await registry.PushAsync("team/tool:1", "second");

        Assert.Equal(first, before);
        Assert.Equal(second, await DigestOfAsync($"{registry.Host}/team/tool:1"));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Of_an_index_the_image_of_the_platform_counts_and_no_other()
    {
        await using var registry = await TestRegistry.StartAsync();
        var resolver = RegistryServices.CreateResolver(Options, TimeProvider.System);
        var image = $"{registry.Host}/tool:1";
        var (index, images) = await registry.PushIndexAsync("tool:1", ("linux/amd64", "a"), ("linux/arm64", "a"));
        var before = (await resolver.ResolveAsync([image], Platform, CancellationToken.None))[image];
        var again = (await resolver.ResolveAsync([image], Platform, CancellationToken.None))[image];

        var (other, _) = await registry.PushIndexAsync("tool:1", ("linux/amd64", "a"), ("linux/arm64", "b"));
        var after = (await resolver.ResolveAsync([image], Platform, CancellationToken.None))[image];

        Assert.NotEqual(index, other);
        Assert.Equal(images["linux/amd64"], before.Digest.ToString());
        Assert.Equal(before, again);
        Assert.Equal(before, after);
        Assert.NotEqual(images["linux/amd64"], images["linux/arm64"]);
        Assert.StartsWith("Unprocessable: is not there for linux/riscv64", await ProblemOfAsync(image, "linux/riscv64"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tool:2", "has no tag '2' of 'tool'")]
    [InlineData("nothing/here:1", "has no tag '1' of 'nothing/here'")]
    public async Task What_is_not_there_is_the_authors_to_mend(string image, string problem)
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.PushAsync("tool:1", "x");

        var found = await ProblemOfAsync($"{registry.Host}/{image}");

        Assert.StartsWith("Unprocessable: is not there", found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_needed_where_the_registry_wants_one()
    {
        await using var registry = await TestRegistry.StartWithPasswordAsync();
        var digest = await registry.PushAsync("tool:1", "x");
        var image = $"{registry.Host}/tool:1";
        var nobody = await ProblemOfAsync(image);
        LogIn(registry.Host, password: "wrong");
        var stranger = await ProblemOfAsync(image);

        LogIn(registry.Host);

        Assert.Equal(digest, await DigestOfAsync(image));
        Assert.Contains("wants a credential for 'tool'", nobody, StringComparison.Ordinal);
        Assert.Contains("has no right to 'tool'", stranger, StringComparison.Ordinal);
        Assert.All([nobody, stranger], problem => Assert.StartsWith("Unprocessable: may not be read", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_or_an_identity_token_is_traded_for_a_token_that_the_registry_takes()
    {
        await using var tokens = await TokenServer.StartAsync();
        await using var registry = await TestRegistry.StartAsync(tokens);
        registry.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Sign("team/tool", "pull", "push"));
        var digest = await registry.PushAsync("team/tool:1", "x");
        var image = $"{registry.Host}/team/tool:1";
        var nobody = await ProblemOfAsync(image);
        LogIn($"https://{registry.Host}/v1/");
        var known = await DigestOfAsync(image);

        WriteConfig($$"""{"auths": {"{{registry.Host}}": {"identitytoken": "{{TestRegistry.Password}}"} } }""");

        Assert.Equal(digest, known);
        Assert.Equal(digest, await DigestOfAsync(image));
        Assert.StartsWith("Unprocessable: may not be read", nobody, StringComparison.Ordinal);
        Assert.Contains(tokens.Server.Requests, it => it.Request.EndsWith("?scope=repository%3Ateam%2Ftool%3Apull&service=test-registry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_nobody_has_signed_is_taken_only_of_those_that_are_named()
    {
        await using var registry = await TestRegistry.StartWithTlsAsync();
        var digest = await registry.PushAsync("tool:1", "x");
        var named = await DigestOfAsync($"{registry.Host}/tool:1");

        Options.Insecure = [];

        Assert.Equal(digest, named);
        Assert.Contains("Unavailable: could not be looked up: there is no TLS connection", await ProblemOfAsync($"{registry.Host}/tool:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_TLS_is_asked_only_who_is_named_for_that()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.PushAsync("tool:1", "x");

        Options.Insecure = ["127.0.0.2"];

        Assert.Contains("there is no TLS connection", await ProblemOfAsync($"{registry.Host}/tool:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_address_is_asked_only_where_its_host_is_named()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.PushAsync("tool:1", "x");

        Options.PrivateHosts = [];

        Assert.StartsWith(
            "Unprocessable: is not looked up: 127.0.0.1 has a private, loopback or link-local address", await ProblemOfAsync($"{registry.Host}/tool:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_is_down_costs_its_other_images_nothing()
    {
        var registry = await TestRegistry.StartAsync();
        var host = registry.Host;
        await registry.DisposeAsync();
        Options.AtOnce = 1;

        var answers = await RegistryServices.CreateResolver(Options, TimeProvider.System).ResolveAsync(
            [.. Enumerable.Range(0, 50).Select(number => $"{host}/tool:{number}")], Platform, CancellationToken.None);

        Assert.Equal(50, answers.Count);
        Assert.All(answers.Values, answer => Assert.Equal("could not be looked up: 127.0.0.1 did not answer", answer.Problem));
    }
}
