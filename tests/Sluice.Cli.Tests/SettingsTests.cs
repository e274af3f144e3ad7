using System.Net.Sockets;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>Where settings are read, and what is said of wrong ones.</summary>
public sealed class SettingsTests : CheckoutFixture
{
    [Theory]
    [InlineData("""{"Sluice": {"Data": "elsewhere", "Parallelism": 0}}""")]
    [InlineData("[1]")]
    [InlineData("no JSON")]
    public async Task A_file_of_the_folder_that_one_stands_in_is_none_of_Sluices_settings(string content)
    {
        Repository.Write("appsettings.json", content);

        await SluiceAsync(0, "plan");

        Assert.True(Directory.Exists(State));
        Assert.False(Directory.Exists(Path.Combine(Repository.Path, "elsewhere")));
    }

    [Fact]
    public async Task The_file_of_the_state_folder_is_read_with_its_comments_and_the_environment_wins()
    {
        await WriteSettingsAsync("""
            {
              // Tasks see this too.
              "Sluice": { "Process": { "Pass_Env": ["GREETING"] }, "Parallelism": 0, },
            }
            """);
        await Repository.CommitAsync(("dependencies.yaml", "$job: {name: my-job}\na.py: {outputs: [o], command: 'echo $GREETING | tee data/o'}\n"));
        var sluice = new SluiceCommand(Repository, State)
        {
            Environment = new Dictionary<string, string?> { ["GREETING"] = "good day", ["SLUICE_PARALLELISM"] = "1" },
        };

        var wrong = await SluiceAsync(2, "run");
        await sluice.RunAsync(0, "run");

        Assert.Contains("SLUICE_PARALLELISM: '0' is not right", wrong.StandardError, StringComparison.Ordinal);
        Assert.Equal("good day\n", (await sluice.RunAsync(0, "log", "a.py")).StandardOutput);
    }

    [Theory]
    [InlineData("[1]", "it is no object")]
    [InlineData("""{"Sluice": 1}""", "it is no object")]
    [InlineData("{\n nope", "appsettings.json:2: it is not JSON")]
    [InlineData("""{"Sluice": {"Data": "x"}}""", "there is no setting Sluice:DATA here")]
    public async Task A_wrong_file_is_a_mistake(string content, string message)
    {
        await WriteSettingsAsync(content);

        var result = await SluiceAsync(2, "runs");

        Assert.Contains(message, result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_has_a_line_and_an_unknown_setting_the_nearest_that_is()
    {
        var sluice = new SluiceCommand(Repository, State)
        {
            Environment = new Dictionary<string, string?> { ["SLUICE_ENGIN"] = "process", ["SLUICE_PARALLELISM"] = "many", ["SLUICE_TOKEN_FILE"] = "/dev/null" },
        };

        var result = await sluice.RunAsync(2, "runs");

        var lines = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("sluice: SLUICE_", line, StringComparison.Ordinal));
        Assert.Contains("did you mean SLUICE_ENGINE?", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_to_talk_to_may_stand_in_a_file()
    {
        await using var service = await TestService.StartAsync();
        await File.WriteAllTextAsync(Folder["server"], service.Address + "\n");
        var sluice = new SluiceCommand(Repository, State) { Environment = new Dictionary<string, string?> { ["SLUICE_SERVER_FILE"] = Folder["server"] } };

        await sluice.RunAsync(0, "run");

        Assert.Single((await service.Api.ListRunsAsync(null)).Items);
    }

    [Theory]
    [InlineData("gc")]
    [InlineData("verify")]
    [InlineData("verify --rerun")]
    [InlineData("reindex")]
    [InlineData("serve")]
    public async Task What_works_on_the_state_folder_refuses_a_service(string command)
    {
        var result = await SluiceAsync(2, ["--server", "http://127.0.0.1:1", .. command.Split(' ')]);

        Assert.Contains("never through a service", result.StandardError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://user:secret@127.0.0.1:1")]
    [InlineData("user:secret@127.0.0.1")]
    public async Task A_password_in_an_address_is_refused_and_not_repeated(string address)
    {
        var result = await SluiceAsync(2, "--server", address, "runs");

        Assert.DoesNotContain("secret", result.StandardError, StringComparison.Ordinal);
    }

    // A lock file that cannot be opened is not one that somebody else has: it would be waited for without end.
    [Fact]
    public async Task A_state_folder_that_cannot_be_locked_is_a_mistake_and_not_waited_for()
    {
        Directory.CreateDirectory(State);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(State, "lock.held")));

        var result = await SluiceAsync(2, "run");

        Assert.Contains("cannot be used", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_the_settings_of_S3_are_told_together_and_without_a_password()
    {
        var sluice = new SluiceCommand(Repository, State)
        {
            Environment = new Dictionary<string, string?>
            {
                ["SLUICE_STORE__KIND"] = "s3",
                ["SLUICE_STORE__ENDPOINT"] = "http://user:secret@127.0.0.1:1",
                ["SLUICE_STORE__ACCESS_KEY"] = "key",
                ["SLUICE_STORE__PATH_STYLE"] = "maybe",
            },
        };

        var wrong = (await sluice.RunAsync(2, "runs")).StandardError;

        Assert.Contains("SLUICE_STORE__ENDPOINT: is not the address of a server", wrong, StringComparison.Ordinal);
        Assert.Contains("SLUICE_STORE__ACCESS_KEY and SLUICE_STORE__SECRET_KEY: set both", wrong, StringComparison.Ordinal);
        Assert.Contains("SLUICE_STORE__PATH_STYLE: 'maybe' is not right", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_the_settings_of_a_runs_own_credential_are_told_together()
    {
        var environment = new Dictionary<string, string?>
        {
            ["SLUICE_ENGINE"] = "argo",
            ["SLUICE_STORE__KIND"] = "s3",
            ["SLUICE_ARGO__STORE_ROLE"] = "sluice-run",
            ["SLUICE_ARGO__STORE_STS_ENDPOINT"] = "sts",
            ["SLUICE_ARGO__STORE_LIFETIME"] = "60",
        };

        var wrong = (await new SluiceCommand(Repository, State) { Environment = environment }.RunAsync(2, "runs")).StandardError;
        environment.Remove("SLUICE_ARGO__STORE_ROLE");
        var without = (await new SluiceCommand(Repository, State) { Environment = environment }.RunAsync(2, "runs")).StandardError;

        Assert.Contains("SLUICE_ARGO__STORE_ROLE: 'sluice-run' is not right; write the ARN of a role", wrong, StringComparison.Ordinal);
        Assert.Contains("SLUICE_ARGO__STORE_STS_ENDPOINT: is not the address of a server", wrong, StringComparison.Ordinal);
        Assert.Contains("SLUICE_ARGO__STORE_LIFETIME: '60' is not right; write a whole number from 900 to 43200", wrong, StringComparison.Ordinal);
        Assert.Contains("SLUICE_ARGO__STORE_LIFETIME: is for credentials of single runs; set SLUICE_ARGO__STORE_ROLE too", without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_S3_without_its_kind_are_a_mistake()
    {
        var sluice = new SluiceCommand(Repository, State) { Environment = new Dictionary<string, string?> { ["SLUICE_STORE__BUCKET"] = "b" } };

        Assert.Contains("set SLUICE_STORE__KIND=s3 too", (await sluice.RunAsync(2, "runs")).StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variables_of_the_original_keep_everything_on_S3()
    {
        TestS3.Require();
        var job = TestS3.NewBucket();
        var head = await Repository.CommitAsync(("dependencies.yaml", "a: {outputs: [o], code: [dependencies.yaml], command: 'echo x > data/o'}\n"));
        var sluice = new SluiceCommand(Repository, State)
        {
            Environment = new Dictionary<string, string?>
            {
                ["PERSISTENT_ADDR"] = TestS3.Endpoint.Authority,
                ["MINIO_ACCESS_KEY"] = TestS3.AccessKey,
                ["MINIO_SECRET_KEY"] = TestS3.SecretKey,
            },
        };

        await sluice.RunAsync(0, "run", "--job", job);

        using var client = TestS3.Connect();
        Assert.Equal(head + "/run.json", (await client.ListObjectsV2Async(new() { BucketName = job, Prefix = head + "/run.json" })).S3Objects.Single().Key);
        Assert.False(Directory.Exists(Path.Combine(State, "store")));
    }

    private Task WriteSettingsAsync(string content)
    {
        Directory.CreateDirectory(State);
        return File.WriteAllTextAsync(Path.Combine(State, "appsettings.json"), content);
    }
}
