using System.Text.Json;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Running;
using Sluice.Store.S3;

namespace Sluice.Store.Tests;

/// <summary>What pods have written is read as far as it may be theirs, and no further.</summary>
public sealed class RunWorkTests : IDisposable
{
    private static readonly RunId Run = RunId.New(DateTimeOffset.UnixEpoch);

    private readonly TestBucket _bucket = new();
    private readonly IRunWork _work;

    public RunWorkTests() => _work = S3StoreServices.OpenWork(_bucket.Options, JobName.Parse("job"), Run);

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task A_claim_as_large_as_it_may_be_is_read_and_a_larger_one_is_neither_put_nor_read()
    {
        var (largest, larger) = (JsonSerializer.Serialize(Of(0), CoreJson.Default.Claim).PadRight(RunWork.MaxClaimBytes), Of(1) with { Files = Many(250_000) });
        await _bucket.WriteAsync(ClaimOf(0), largest);
        Assert.Null(await _work.PutClaimAsync(larger, default));
        await _bucket.WriteAsync(ClaimOf(1), JsonSerializer.Serialize(larger, CoreJson.Default.Claim));

        var (read, refused) = (await _work.FindClaimAsync(0, default), await _work.FindClaimAsync(1, default));

        Assert.Equal(("pod", null), (read.Claim?.Pod, read.Wrong));
        Assert.Equal((null, "it has more than 32768 KiB"), (refused.Claim, refused.Wrong));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"task\":1")]
    [InlineData("deep")]
    [InlineData("long warning")]
    public async Task A_claim_that_is_none_is_told_as_such(string kind)
    {
        var json = kind switch
        {
            "deep" => With(new string('[', 100_000) + new string(']', 100_000)),
            "long warning" => JsonSerializer.Serialize(Of(0) with { Warnings = [new string('w', Claim.MaxWarningLength + 1)] }, CoreJson.Default.Claim),
            _ => kind,
        };
        await _bucket.WriteAsync(ClaimOf(0), json);

        Assert.Equal((null, "it cannot be read"), await _work.FindClaimAsync(0, default));
        Assert.Equal((null, null), await _work.FindClaimAsync(1, default));
    }

    [Fact]
    public async Task Reports_that_are_too_large_or_none_are_set_aside_and_the_others_count()
    {
        await _work.PutReportAsync(Report("honest"), default);
        await _work.PutReportAsync(Report("long") with { Error = new string('\u00e9', PodReport.MaxErrorLength) }, default);
        await _work.PutReportAsync(Report("talks") with { Error = new string('e', PodReport.MaxErrorLength + 1) }, default);
        await _bucket.WriteAsync(ReportOf("none"), "{}");
        await _bucket.WriteAsync(ReportOf("large"), JsonSerializer.Serialize(Report("large"), CoreJson.Default.PodReport).PadRight(RunWork.MaxReportBytes + 1));

        var (reports, setAside) = await _work.ListReportsAsync(0, default);

        Assert.Equal(["honest", "long"], reports.Select(report => report.Pod).Order());
        Assert.Equal(
            [
                "what its pod large says of an attempt was set aside: it has more than 256 KiB",
                "what its pod none says of an attempt was set aside: it cannot be read",
                "what its pod talks says of an attempt was set aside: it cannot be read",
            ],
            setAside.Order());
    }

    [Fact]
    public async Task No_more_reports_are_read_than_a_task_may_have()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, RunWork.MaxReports + 5), async (number, token) => await _work.PutReportAsync(Report($"p{number}"), token));

        var (reports, _) = await _work.ListReportsAsync(0, default);

        Assert.Equal(RunWork.MaxReports, reports.Count);
    }

    [Fact]
    public async Task An_intent_that_is_none_does_not_count()
    {
        await _work.PutIntentAsync(new WorkflowIntent(1, [0]), default);
        await _bucket.WriteAsync($".sluice/work/{Run}/workflows/2.json", """{"number":2}""");
        await _bucket.WriteAsync($".sluice/work/{Run}/workflows/3.json", """{"number":3,"tasks":[0]}""".PadRight(2_000_000));

        Assert.Equal([1], (await _work.ListIntentsAsync(default)).Select(intent => intent.Number));
    }

    private static string ClaimOf(int task) => $".sluice/work/{Run}/claims/{task}.json";

    private static string ReportOf(string pod) => $".sluice/work/{Run}/reports/0/{pod}.json";

    private static string With(string unknown) =>
        JsonSerializer.Serialize(Of(0), CoreJson.Default.Claim)[..^1] + $",\"unknown\":{unknown}}}";

    private static Claim Of(int task) => new()
    {
        Task = task,
        Pod = "pod",
        Fingerprint = new Fingerprint(Digest.Of("f"u8)),
        Files = Many(1),
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch,
    };

    private static ResultFiles Many(int count) => new()
    {
        Outputs = [.. Enumerable.Range(0, count).Select(number => new StoredFile(RepoPath.Trusted($"folder/{number:000000}"), new BlobInfo(Digest.Of("f"u8), 1), false))],
    };

    private static PodReport Report(string pod) => new()
    {
        Task = 0,
        Pod = pod,
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch,
        Error = "failed",
    };
}
