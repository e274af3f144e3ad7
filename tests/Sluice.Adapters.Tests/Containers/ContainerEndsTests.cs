using Docker.DotNet.Models;
using Sluice.Adapters.Containers;
using Sluice.Core.Running;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>The words of engines and runtimes that are not all to be had for a test.</summary>
public sealed class ContainerEndsTests
{
    private static readonly CommandRequest Request = new()
    {
        Argv = ["train"],
        WorkFolder = "/work",
        Variables = new Dictionary<string, string>(),
        LogPath = "/log",
    };

    [Theory]
    [InlineData("""OCI runtime create failed: runc create failed: unable to start container process: exec: "train": executable file not found in $PATH: unknown""", "there is no program 'train'")]
    [InlineData("""runc: runc create failed: unable to start container process: exec: "train": permission denied: OCI permission denied""", "the program 'train' cannot be run: it is not executable")]
    [InlineData("crun: executable file `train` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found", "there is no program 'train'")]
    [InlineData("crun: open executable: Permission denied: OCI permission denied", "the program 'train' cannot be run: it is not executable")]
    [InlineData("""runc create failed: unable to start container process: exec: "train": exec format error""", "the program 'train' cannot be run: it is no program for this machine, and names no interpreter")]
    [InlineData("""could not select device driver "" with capabilities: [[gpu]]""", "asks for a GPU, and the container engine has no driver for one")]
    [InlineData("""error mounting "/x" to rootfs: no such file or directory""", null)]
    public void A_start_that_fails_is_told_from_an_engine_that_does(string words, string? expected) =>
        Assert.Equal(expected, ContainerEnds.NotStarted(Request, words));

    [Theory]
    [InlineData("""exec: "docker-init": executable file not found in $PATH""", true)]
    [InlineData("""container-init binary not found on the host: stat /usr/libexec/podman/catatonit: no such file or directory""", true)]
    [InlineData("""exec: "init": executable file not found in $PATH""", false)]
    public void A_first_process_that_the_engine_lacks_is_told_from_a_command_that_is_not_there(string words, bool expected) =>
        Assert.Equal(expected, ContainerEnds.HasNoInit(words));

    [Theory]
    [InlineData(127, "[FATAL tini (7)] exec train failed: No such file or directory\n", "there is no program 'train'")]
    [InlineData(1, "ERROR (catatonit:6): failed to exec pid1: Permission denied\n", "the program 'train' cannot be run: it is not executable")]
    public void A_first_process_that_cannot_start_the_command_is_no_output_of_it(int status, string output, string expected)
    {
        var end = ContainerEnds.Of(Request, new ContainerState { ExitCode = status }, output, hasMemoryLimit: false, logError: null);

        Assert.Equal((expected, null), (end.Error, end.ExitCode));
    }

    [Theory]
    [InlineData(137, true, true, "used more memory than its limit")]
    [InlineData(137, false, true, "most likely for using more memory than its limit")]
    [InlineData(137, false, false, "killed by SIGKILL (9)")]
    [InlineData(1, true, true, "used more memory than its limit")]
    [InlineData(127, false, false, "exit status 127: a command was not found")]
    [InlineData(0, true, true, null)]
    public void What_killed_a_command_is_told_as_far_as_it_is_known(int status, bool isOutOfMemory, bool hasMemoryLimit, string? words)
    {
        var end = ContainerEnds.Of(Request, new ContainerState { ExitCode = status, OOMKilled = isOutOfMemory }, "", hasMemoryLimit, logError: null);
        var outcome = end.ToOutcome(Request, isTooLong: false, default, default);

        Assert.Equal(status, outcome.ExitCode);
        Assert.True(words is null ? outcome.Error is null : outcome.Error!.Contains(words, StringComparison.Ordinal), outcome.Error);
    }
}
