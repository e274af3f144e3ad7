using Sluice.Adapters.Argo;

namespace Sluice.Adapters.Tests.Argo;

public sealed class FailureWordsTests
{
    [Theory]
    [InlineData("main: Error (exit code 3)", 3, "exit status 3", false)]
    [InlineData("main: Error (exit code 127)", 127, "exit status 127: a command was not found", false)]
    [InlineData("main: Error (exit code 75)", 75, "something outside of the task failed, such as the store or the network (exit status 75); its log says what", true)]
    [InlineData("main: OOMKilled (exit code 137)", 137, "ran out of memory and was killed (exit status 137); raise 'resources.memory', or make it need less", false)]
    [InlineData("main: OOMKilled (exit code 1)", 1, "ran out of memory and was killed (exit status 1); raise 'resources.memory', or make it need less", false)]
    [InlineData("executor: Error (exit code 1): no space left", null, "the container 'executor', which comes before the command, failed (exit status 1: no space left)", true)]
    [InlineData("init: Error (exit code 64): x is forbidden", null, "the pods' service account lacks a right: x is forbidden", true)]
    [InlineData("The node was low on resource: memory. Threshold quantity: 100Mi.", null, "evicted from its node: The node was low on resource: memory. Threshold quantity: 100Mi.", true)]
    [InlineData("Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.", null, "used more disk space than it may: Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.", false)]
    [InlineData("Pod was terminated in response to imminent node shutdown.", null, "its node went away: Pod was terminated in response to imminent node shutdown.", true)]
    [InlineData("pod deleted", null, "its pod was deleted from outside", true)]
    [InlineData("workflow shutdown with strategy:  Terminate", null, "stopped with its workflow", true)]
    [InlineData("Pod was active on the node longer than the specified deadline", 143, "ran longer than its deadline; raise 'timeout', or make it faster", false)]
    [InlineData("Pod failed before main container starts due to ImagePullBackOff: gone", null, "the image cannot be pulled: gone", true)]
    [InlineData("pod failed: neither main nor wait container completed successfully", null, "its pod failed, and the cluster does not say why (pod failed: neither main nor wait container completed successfully)", true)]
    [InlineData("pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\": y", null, "the namespace's security rules do not let its pod in: pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\": y", true)]
    [InlineData("admission webhook \"h\" denied the request: no", null, "an admission policy of the cluster does not let its pod in: admission webhook \"h\" denied the request: no", true)]
    [InlineData("pods \"x\" is forbidden: exceeded quota: q", null, "the quota of the namespace is used up: pods \"x\" is forbidden: exceeded quota: q", true)]
    [InlineData("something new", null, "something new", false)]
    [InlineData("", 5, "exit status 5", false)]
    [InlineData(null, null, "its pod failed, and nobody says why", true)]
    public void A_failed_pod_is_told_in_words(string? message, int? exitCode, string words, bool isOutside) =>
        Assert.Equal((words, isOutside), FailureWords.Of(message, exitCode, isError: false));

    [Fact]
    public void What_Argo_holds_for_an_error_says_nothing_of_the_task() =>
        Assert.Equal(("something new", true), FailureWords.Of("something new", null, isError: true));
}
