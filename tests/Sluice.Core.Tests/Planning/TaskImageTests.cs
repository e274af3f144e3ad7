using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Core.Tests.Planning;

/// <summary>What an image means, by how it is written.</summary>
public sealed class TaskImageTests
{
    private const string A = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string B = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private static readonly CommitId Commit = CommitId.Parse("0123456789012345678901234567890123456789");

    [Theory]
    [InlineData("tool:1", null, "tool:1", "tool:1 = " + A, "tool@" + A)]
    [InlineData("tool:1", true, "tool:1", "tool:1 = " + A, "tool@" + A)]
    [InlineData("tool:1", false, null, "tool:1 = ", "tool:1")]
    [InlineData("tool", null, null, "tool = ", "tool:0123456")]
    [InlineData("tool", true, "tool:0123456", "tool = " + A, "tool@" + A)]
    [InlineData("host:5000/tool", null, null, "host:5000/tool = ", "host:5000/tool:0123456")]
    [InlineData("host:5000/tool:1", null, "host:5000/tool:1", "host:5000/tool:1 = " + A, "host:5000/tool@" + A)]
    [InlineData("tool@" + B, null, null, "tool = " + B, "tool@" + B)]
    [InlineData("tool:1@" + B, null, null, "tool:1 = " + B, "tool@" + B)]
    [InlineData("tool:1@" + B, false, null, "tool:1 = ", "tool@" + B)]
    public void What_is_looked_up_and_counts_and_runs(string image, bool? track, string? lookup, string field, string runs)
    {
        var task = TaskOf(image, track);
        var digests = lookup is null ? ImmutableDictionary<string, Digest>.Empty : ImmutableDictionary<string, Digest>.Empty.Add(image, Digest.Parse(A));

        var found = TaskImage.FieldOf(task, digests)!;

        Assert.Equal(lookup, TaskImage.LookupOf(task, Commit));
        Assert.Equal(field, $"{found.Subject} = {found.Value}");
        Assert.Equal(runs, TaskImage.RunsAs(image, Commit, digests));
    }

    [Fact]
    public void One_that_counts_and_was_not_looked_up_has_the_fields_of_no_other()
    {
        var unknown = TaskImage.FieldOf(TaskOf("tool:1", true), ImmutableDictionary<string, Digest>.Empty);

        Assert.NotEqual(TaskImage.FieldOf(TaskOf("tool:1", false), ImmutableDictionary<string, Digest>.Empty), unknown);
    }

    [Theory]
    [InlineData(A, B, "tool:1 sha256:aaaaaaaaaaaa -> sha256:bbbbbbbbbbbb")]
    [InlineData("", B, "tool:1 the name alone -> sha256:bbbbbbbbbbbb")]
    public void A_change_is_told_with_both_digests(string before, string after, string told)
    {
        var reason = Assert.Single(Reasons.Of([new FieldDifference(FieldKind.Image, "tool:1", before, after)]));

        Assert.Equal(ReasonCode.ImageChanged, reason.Code);
        Assert.Equal(told, $"{reason.Subject} {reason.Detail}");
    }

    [Theory]
    [InlineData("tool:1", null, A)]
    [InlineData("tool:1", false, A)]
    [InlineData("tool:1", false, null)]
    [InlineData("tool", true, A)]
    [InlineData("tool", null, null)]
    [InlineData("tool@" + B, null, null)]
    public async Task A_pod_makes_the_fingerprint_of_its_service(string image, bool? track, string? digest)
    {
        var none = new FileGroup([], null);
        var order = new TaskOrder
        {
            Run = RunId.New(DateTimeOffset.UnixEpoch),
            Job = JobName.Parse("job"),
            Commit = Commit,
            Index = 0,
            Task = TaskOf(image, track),
            ImageDigest = digest is null ? null : Digest.Parse(digest),
            DataFolder = RepoPath.Trusted("data"),
            Environment = "linux/amd64",
            Code = none,
            EnvironmentFiles = none,
            IsReusable = true,
            Adopts = false,
        };
        var service = new FieldBuilder(order.DataFolder, new Dictionary<string, BlobInfo>(), order.Parameters, order.Environment, usesImages: true)
            .With(digest is null ? ImmutableDictionary<string, Digest>.Empty : ImmutableDictionary<string, Digest>.Empty.Add(image, Digest.Parse(digest)));

        var read = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(order, CoreJson.Default.TaskOrder), CoreJson.Default.TaskOrder)!;
        var pod = await OrderedTask.ReadAsync(read, DispatchProxy.Create<IRunWork, Nowhere>(), CancellationToken.None);

        Assert.Equal(
            service.FieldsOf(new ResolvedTask { Task = order.Task, Index = 0 }, _ => null, ImmutableDictionary<string, string>.Empty), pod.Fields);
    }

    private static JobTask TaskOf(string image, bool? track) => new()
    {
        Name = new TaskName("t"),
        Command = TaskCommand.Shell("true"),
        Image = image,
        TrackImage = track,
    };

    // What such an order needs is in it. Not sealed, since a proxy is made of it.
#pragma warning disable CA1852
    private class Nowhere : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
#pragma warning restore CA1852
}
