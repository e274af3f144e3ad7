using Sluice.Testing.Registry;

namespace Sluice.Adapters.Tests.Registry;

/// <summary>Where credentials come from.</summary>
public sealed class CredentialTests : RegistryFixture
{
    [Theory]
    [InlineData("credsStore")]
    [InlineData("credHelpers")]
    public async Task A_helper_gives_them(string field)
    {
        await using var registry = await TestRegistry.StartWithPasswordAsync();
        var digest = await registry.PushAsync("tool:1", "x");
        using var helper = WriteHelper($$"""
            read server
            [ "$1" = get ] && [ "$server" = "{{registry.Host}}" ] || { echo 'credentials not found in native keychain'; exit 1; }
            echo '{"ServerURL": "x", "Username": "{{TestRegistry.User}}", "Secret": "{{TestRegistry.Password}}"}'
            """);

        WriteConfig(field == "credsStore" ? """{"credsStore": "sluicetest"}""" : $$$"""{"credHelpers": {"{{{registry.Host}}}": "sluicetest"}}""");

        Assert.Equal(digest, await DigestOfAsync($"{registry.Host}/tool:1"));
    }

    [Fact]
    public async Task What_a_helper_does_not_keep_may_be_in_the_file()
    {
        await using var registry = await TestRegistry.StartWithPasswordAsync();
        var digest = await registry.PushAsync("tool:1", "x");
        using var helper = WriteHelper("echo 'credentials not found in native keychain'; exit 1");

        LogIn(registry.Host);
        WriteConfig((await File.ReadAllTextAsync(Options.ConfigFile)).Insert(1, "\"credsStore\": \"sluicetest\","));

        Assert.Equal(digest, await DigestOfAsync($"{registry.Host}/tool:1"));
    }

    [Theory]
    [InlineData("echo top-secret; exit 3", "ended with status 3")]
    [InlineData("echo top-secret", "gave an answer that is none")]
    [InlineData("echo '[\"top-secret\"]'", "gave an answer that is none")]
    [InlineData(null, "is not on the PATH")]
    public async Task A_helper_that_does_not_work_is_told_without_what_it_says(string? script, string problem)
    {
        await using var registry = await TestRegistry.StartWithPasswordAsync();
        using var helper = script is null ? null : WriteHelper(script);
        WriteConfig("""{"credsStore": "sluicetest"}""");

        var found = await ProblemOfAsync($"{registry.Host}/tool:1");

        Assert.StartsWith($"Unavailable: could not be looked up: the credential helper docker-credential-sluicetest {problem}", found, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"credsStore": "../../bin/sh"}""", "has a name that is none")]
    [InlineData("""{"auths": {"HOST": {"auth": "dG9wLXNlY3JldA=="}}}""", "cannot be read")]
    [InlineData("""{"auths": {"HOST": {"auth": "top-secret!"}}}""", "cannot be read")]
    [InlineData("""{"auths": ["top-secret"]}""", "cannot be read")]
    [InlineData("top-secret", "cannot be read")]
    public async Task A_configuration_that_is_wrong_is_told_without_what_it_says(string config, string problem)
    {
        await using var registry = await TestRegistry.StartWithPasswordAsync();
        WriteConfig(config.Replace("HOST", registry.Host, StringComparison.Ordinal));

        var found = await ProblemOfAsync($"{registry.Host}/tool:1");

        Assert.StartsWith("Unavailable: ", found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", found, StringComparison.Ordinal);
    }

    // A helper is found on the PATH, which this process has one of.
    private OnThePath WriteHelper(string script)
    {
        var path = Folder["docker-credential-sluicetest"];
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new OnThePath(Folder.Path);
    }

    private sealed class OnThePath : IDisposable
    {
        private readonly string? _before = Environment.GetEnvironmentVariable("PATH");

        public OnThePath(string folder) => Environment.SetEnvironmentVariable("PATH", $"{folder}:{_before}");

        public void Dispose() => Environment.SetEnvironmentVariable("PATH", _before);
    }
}
