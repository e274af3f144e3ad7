using CliWrap;
using CliWrap.Buffered;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What keeps a service from starting where others could reach it.</summary>
public sealed class AccessSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_service_for_others_needs_access_control_and_a_word_on_whose_user_runs_commands()
    {
        var neither = await RefusedAsync(("SLUICE_URLS", "http://0.0.0.0:0"));
        var noTokens = await RefusedAsync(("SLUICE_URLS", "http://127.0.0.1:0;http://sluice.example.org:0"), ("SLUICE_PROCESS__ALLOW_REMOTE", "true"));
        var noWord = await RefusedAsync(("SLUICE_URLS", "http://[::]:0"), ("SLUICE_AUTH__ANONYMOUS", "read"));

        Assert.Equal(["SLUICE_AUTH__TOKENS_FILE", "SLUICE_PROCESS__ALLOW_REMOTE=true"], neither.Select(line => line.Split("set ")[1].Split([' ', ','])[0]));
        Assert.Contains("needs access control", Assert.Single(noTokens), StringComparison.Ordinal);
        Assert.Contains("SLUICE_PROCESS__ALLOW_REMOTE=true", Assert.Single(noWord), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_of_a_file_of_tokens_has_its_line_and_none_repeats_what_may_be_a_token()
    {
        var good = AccessFixture.LineOf("viewer");
        await File.WriteAllTextAsync(_folder["tokens"], $"{good}two words\nname secret {good.Split(' ')[2]}other viewer secret\n# no mistake\n{good}");

        var lines = await RefusedAsync(("SLUICE_AUTH__TOKENS_FILE", _folder["tokens"]));

        Assert.Equal(["2", "3", "4", "6"], lines.Select(line => line.Split("tokens:")[1].Split(':')[0]));
        Assert.DoesNotContain(lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Containers_are_no_commands_of_the_services_user()
    {
        var lines = await RefusedAsync(("SLUICE_URLS", "http://sluice.example.org:0"), ("SLUICE_ENGINE", "container"), ("SLUICE_AUTH__ANONYMOUS", "run"), ("SLUICE_CONTAINER__PIDS", "1"));

        Assert.Contains("SLUICE_CONTAINER__PIDS", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HOST", "ftp://x")]
    [InlineData("HOST", "unix://x")]
    [InlineData("HOST", "tcp://user@x:1")]
    [InlineData("USER", "me")]
    [InlineData("PIDS", "1")]
    [InlineData("CPU", "two")]
    [InlineData("MEMORY", "1GiB")]
    [InlineData("PULL", "always")]
    [InlineData("NETWORK", "true")]
    [InlineData("NETWORK", "container:x")]
    public async Task A_wrong_setting_of_containers_is_refused(string name, string value)
    {
        var lines = await RefusedAsync(("SLUICE_ENGINE", "container"), ("SLUICE_CONTAINER__" + name, value));

        Assert.StartsWith($"sluice: SLUICE_CONTAINER__{name}: '{value}' is not right; write ", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_setting_of_images_is_told_at_once()
    {
        var lines = await RefusedAsync(
            ("SLUICE_IMAGES__INSECURE", "good:1,http://bad"),
            ("SLUICE_IMAGES__PRIVATEHOSTS", "10.0.0.*,a b"),
            ("SLUICE_IMAGES__CONFIG", "/nowhere/config.json"),
            ("SLUICE_IMAGES__TIMEOUT", "0"),
            ("SLUICE_IMAGES__WAIT", "15m"));

        Assert.Equal(
            [
                "INSECURE: 'http://bad' is not right",
                "PRIVATEHOSTS: 'a b' is not right",
                "CONFIG: there is no file '/nowhere/config.json'.",
                "TIMEOUT: '0' is not right",
                "WAIT: '15m' is not right",
            ],
            lines.Select(line => line.Split("SLUICE_IMAGES__")[1].Split("; write")[0]));
    }

    [Fact]
    public async Task Settings_of_containers_without_the_engine_are_a_mistake() => Assert.Contains(
        "set SLUICE_ENGINE=container too", Assert.Single(await RefusedAsync(("SLUICE_CONTAINER__PIDS", "100"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("SLUICE_AUTH__ANONYMOUS", "all", "write none, read or run")]
    [InlineData("SLUICE_AUTH__TOKENS_FILE", "/nowhere/tokens", "/nowhere/tokens")]
    [InlineData("SLUICE_PROCESS__ALLOW_REMOTE", "yes", "write true or false")]
    [InlineData("SLUICE_HOSTS", "good.example,https://bad.example", "'https://bad.example' is not the name of a host")]
    public async Task A_wrong_setting_says_what_is_right(string name, string value, string message) =>
        Assert.Contains(message, Assert.Single(await RefusedAsync((name, value))), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private async Task<string[]> RefusedAsync(params (string Name, string Value)[] settings)
    {
        var result = await CliWrap.Cli.Wrap(SluiceBinary.Path)
            .WithArguments(["serve", "--data", _folder["state"]])
            .WithEnvironmentVariables(settings.ToDictionary(it => it.Name, it => (string?)it.Value))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.Equal(2, result.ExitCode);
        return result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
