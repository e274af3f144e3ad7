using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Adapters.Containers;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Engines;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>The container engine: what every engine owes, and what is its own.</summary>
public abstract class ContainerEngineTests : EngineContract
{
    private readonly ContainerOptions _options;

    protected ContainerEngineTests(Uri host)
    {
        _options = new ContainerOptions
        {
            Host = host,
            User = "65534:65534",
            HandsFoldersOver = true,
            State = "test-" + Path.GetRandomFileName(),
            Grace = TimeSpan.FromMilliseconds(300),
            Pulls = false,
        };
        Engine = Create(_options);
    }

    protected override ICommandEngine Engine { get; }

    protected override int Many => 8;

    private static ContainerEngine Create(ContainerOptions options) => new(options, new NoCredentials(), TimeProvider.System, NullLogger.Instance);

    protected override CommandRequest Request(string[] argv) => base.Request(argv) with { Image = TestContainers.Image };

    // A process ends with its container, whatever it has done to hide.
    protected override bool IsAlive(string pid)
    {
        using var api = new ContainerApi(_options.Host, TimeProvider.System);
        return api.FindAsync(ContainerSpec.StateLabel, _options.State, CancellationToken.None).GetAwaiter().GetResult().Count > 0;
    }

    [Fact]
    public async Task A_command_has_no_rights_no_network_and_nothing_to_write_to_but_its_own()
    {
        var outcome = await RunAsync("""
            grep -E '^(CapEff|CapBnd|NoNewPrivs):' /proc/self/status | tr -s '\t' ' '; id -u; id -g
            ls /sys/class/net; hostname
            touch /made 2>&1; touch /tmp/made && touch here && echo "$FROM_IMAGE $A"; pwd
            """);

        Assert.Null(outcome.Error);
        Assert.Equal(
            "CapEff: 0000000000000000\nCapBnd: 0000000000000000\nNoNewPrivs: 1\n65534\n65534\nlo\nsluice\ntouch: /made: Read-only file system\nyes 1\n/sluice\n",
            await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task A_command_that_asks_for_the_network_has_the_one_that_is_configured_and_without_it_none()
    {
        using var engine = Create(_options with { Network = "host" });
        var request = Request(["/bin/sh", "-c", "ls /sys/class/net | wc -l"]) with { UsesNetwork = true };
        var own = Directory.GetDirectories("/sys/class/net").Length;

        await engine.RunAsync(request, default);
        await engine.RunAsync(request with { UsesNetwork = false }, default);
        await Engine.RunAsync(request, default);

        Assert.Equal($"{own}\n1\n1\n", await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task What_a_command_leaves_is_the_services_whatever_its_rights()
    {
        await RunAsync("mkdir closed; echo secret > closed/file; chmod 0 closed/file closed; ln -s /etc/passwd link");

        Assert.Equal("0 0 0 ", await TextOfAsync("stat", "-c", "%u", Folder["closed"], Folder["closed/file"], Folder["link"]));
        Assert.Equal("secret\n", await File.ReadAllTextAsync(Folder["closed/file"]));
        Assert.Equal("0 ", await TextOfAsync("stat", "-c", "%u", "/etc/passwd"));
    }

    [Fact]
    public async Task A_list_runs_in_an_image_that_has_no_shell()
    {
        await File.WriteAllTextAsync(Folder["in"], "content\n");

        var outcome = await Engine.RunAsync(Request(["/cat", "in"]) with { Image = TestContainers.BareImage }, default);
        var text = await File.ReadAllTextAsync(Log);
        var shell = await Engine.RunAsync(Request(["/bin/sh", "-c", "true"]) with { Image = TestContainers.BareImage }, default);

        Assert.Null(outcome.Error);
        Assert.Equal("content\n", text);
        Assert.Contains("there is no program '/bin/sh'; without a shell in the image, write the command as a list", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_needs_more_memory_than_its_limit_is_told_so()
    {
        var request = Request(["/bin/sh", "-c", "head -c 100000000 /dev/zero | tail"]) with { Resources = new TaskResources("500m", "32Mi", 0) };

        var outcome = await Engine.RunAsync(request, default);

        Assert.Equal(137, outcome.ExitCode);
        Assert.Contains("more memory than its limit", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_are_counted()
    {
        using var engine = Create(_options with { Pids = 16 });

        await engine.RunAsync(Request(["/bin/sh", "-c", "for i in $(seq 40); do sleep 1 & done; wait"]), default);

        Assert.Contains("can't fork", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_is_closed_is_no_end()
    {
        var outcome = await RunAsync("exec >&- 2>&-; sleep 0.5; exit 3");

        Assert.Equal(3, outcome.ExitCode);
    }

    [Fact]
    public async Task Nothing_of_a_short_output_is_lost()
    {
        for (var number = 0; number < 10; number++)
        {
            await RunAsync($"echo {number}");
        }

        Assert.Equal(string.Concat(Enumerable.Range(0, 10).Select(number => $"{number}\n")), await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_named()
    {
        using var pulling = Create(_options with { Pulls = true });
        var request = Request(["true"]) with { Image = "127.0.0.1:9/no/such@sha256:" + new string('0', 64), Task = new TaskName("train.py") };

        var refused = await Engine.RunAsync(request, default);
        var exception = await Assert.ThrowsAsync<SluiceException>(() => pulling.RunAsync(request, default));

        Assert.Contains("127.0.0.1:9/no/such@sha256:", refused.Error, StringComparison.Ordinal);
        Assert.Contains("is not on this machine", refused.Error, StringComparison.Ordinal);
        Assert.Equal(FaultKind.BadGateway, exception.Kind);
        Assert.Contains("Task 'train.py': its image '127.0.0.1:9/no/such", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_crash_has_left_is_removed_and_nobody_elses()
    {
        using var api = new ContainerApi(_options.Host, TimeProvider.System);
        var user = new ContainerUser("65534:65534");
        var request = Request(["/bin/sh", "-c", "sleep 600"]);
        var left = await api.CreateAsync(ContainerSpec.Of(request, _options, user, hasInit: false), default);
        var other = await api.CreateAsync(ContainerSpec.Of(request, _options with { State = _options.State + "-other" }, user, hasInit: false), default);
        await api.StartAsync(left!, default);

        await ContainerServices.RemoveLeftoversAsync(Engine, default);

        Assert.Empty(await api.FindAsync(ContainerSpec.StateLabel, _options.State, default));
        Assert.Equal([other!], await api.FindAsync(ContainerSpec.StateLabel, _options.State + "-other", default));
        await api.RemoveAsync(other!, default);
    }

    [Fact]
    public async Task A_container_that_somebody_else_removes_is_waited_for()
    {
        using var api = new ContainerApi(_options.Host, TimeProvider.System);
        var spec = ContainerSpec.Of(Request(["/bin/sh", "-c", "sleep 600"]), _options, new ContainerUser("65534:65534"), hasInit: false);
        var container = await api.CreateAsync(spec, default);
        await api.StartAsync(container!, default);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => api.RemoveAsync(container!, default)));

        Assert.Empty(await api.FindAsync(ContainerSpec.StateLabel, _options.State, default));
    }

    [Theory]
    [InlineData("no-such-socket", "there is no such socket")]
    [InlineData("not-a-socket", "nobody listens there")]
    public async Task An_engine_that_is_not_there_is_told_from_one_that_does_not_listen(string name, string words)
    {
        await File.WriteAllTextAsync(Folder["not-a-socket"], "");
        using var engine = Create(_options with { Host = new Uri("unix://" + Folder[name]) });

        var exception = await Assert.ThrowsAsync<SluiceException>(() => engine.RunAsync(Request(["true"]), default));

        Assert.Equal(FaultKind.Unavailable, exception.Kind);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    private static async Task<string> TextOfAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return (await process.StandardOutput.ReadToEndAsync()).Replace('\n', ' ');
    }
}
