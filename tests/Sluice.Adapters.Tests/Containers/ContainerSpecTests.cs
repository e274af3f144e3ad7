using Sluice.Adapters.Containers;
using Sluice.Core.Jobs;
using Sluice.Core.Running;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>What a container is asked to be.</summary>
public sealed class ContainerSpecTests
{
    private static readonly ContainerOptions Options = new() { Host = new Uri("unix:///socket"), User = "1:2", State = "state", Cpu = "500m", Memory = "64Mi" };

    private static readonly CommandRequest Request = new()
    {
        Argv = ["train", "--now"],
        WorkFolder = "/state/work/3/work",
        Folder = "/state/work/3",
        TemporaryFolder = "/state/work/3/tmp",
        Variables = new Dictionary<string, string>(),
        LogPath = "/log",
        Image = "image",
    };

    [Fact]
    public void The_folder_of_the_attempt_has_a_name_that_says_nothing_of_the_machine()
    {
        var spec = ContainerSpec.Of(Request, Options, new ContainerUser("1:2", "keep-id"), hasInit: true);

        Assert.Equal("/sluice/work", spec.WorkingDir);
        Assert.Equal(["/state/work/3 /sluice", "/state/work/3/tmp /tmp"], spec.HostConfig.Mounts.Select(mount => $"{mount.Source} {mount.Target}"));
        Assert.Equal("keep-id", spec.HostConfig.UsernsMode);
    }

    [Fact]
    public void A_list_runs_as_it_is_and_a_text_with_both_outputs_as_one()
    {
        var user = new ContainerUser("1:2");
        var list = ContainerSpec.Of(Request, Options, user, hasInit: true);
        var text = ContainerSpec.Of(Request with { Argv = ["/bin/sh", "-c", "train"] }, Options, user, hasInit: true);

        Assert.Equal(["train", "--now"], [.. list.Entrypoint, .. list.Cmd]);
        Assert.Equal(["/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", "/bin/sh", "-c", "train"], [.. text.Entrypoint, .. text.Cmd]);
    }

    [Theory]
    [InlineData(null, null, 0, 500_000_000L, 67_108_864L)]
    [InlineData("2", "1Gi", 1, 2_000_000_000L, 1_073_741_824L)]
    public void What_a_task_asks_for_wins_over_what_is_configured(string? cpu, string? memory, int gpu, long nanoCpus, long bytes)
    {
        var spec = ContainerSpec.Of(Request with { Resources = new TaskResources(cpu, memory, gpu) }, Options, new ContainerUser("1:2"), hasInit: true);

        Assert.Equal((nanoCpus, bytes, bytes), (spec.HostConfig.NanoCPUs, spec.HostConfig.Memory, spec.HostConfig.MemorySwap));
        Assert.Equal(gpu, spec.HostConfig.DeviceRequests?.Sum(request => request.Count) ?? 0);
    }
}
