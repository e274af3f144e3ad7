using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Core.Clusters;
using Sluice.Testing.Kubernetes;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Argo;

public sealed class ReplayTests
{
    public static TheoryData<string> Streams => [.. RecordedEnds.All.Keys];

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_recorded_stream_ends_in_the_right_state_with_the_right_words(string path)
    {
        var isTroubled = RecordedEnds.All[path].Contains("did not start", StringComparison.Ordinal);
        var stream = RecordedStream.Read(path, isTroubled);
        await using var kubernetes = await TestKubernetes.StartAsync("wf");
        using var engine = Engines.Create(kubernetes);
        stream.SendNext(kubernetes);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var statuses = new List<WorkflowStatus>();

        await foreach (var status in engine.FollowAsync(stream.Order, limit.Token))
        {
            statuses.Add(status);
            // What only the pods tell must have been seen before the end.
            stream.SendPods(kubernetes);
            if (!isTroubled || stream.WorkflowChanges != 1 || status.Tasks.Any(task => task.Trouble is not null))
            {
                stream.SendNext(kubernetes);
            }
        }

        Assert.Matches(@"\A" + Regex.Escape(RecordedEnds.All[path]).Replace("…", ".*", StringComparison.Ordinal) + @"\z", Text(statuses[^1], stream));
        Assert.All(statuses[..^1], status => Assert.False(status.IsEnded));
    }

    [Fact]
    public void Every_recorded_stream_is_in_the_table()
    {
        var recorded = new[] { "wf", "wf-v4.1.2" }.SelectMany(folder => Directory.EnumerateFiles(SharedFiles.Find("recorded", folder), "*.jsonl")
            .Select(file => $"{folder}/{Path.GetFileNameWithoutExtension(file)}")
            .Where(path => !Path.GetFileName(path).Replace("v4.1.2", "", StringComparison.Ordinal).Contains('.', StringComparison.Ordinal)));

        Assert.Equal(recorded.Order(StringComparer.Ordinal), RecordedEnds.All.Keys.Order(StringComparer.Ordinal));
    }

    private static string Text(WorkflowStatus status, RecordedStream stream)
    {
        var parts = status.Tasks.Select(task =>
            $"{stream.TaskNames[task.Task]} {task.State}{string.Concat(task.Attempts.Where(attempt => attempt.Error is not null).Select(Text))}");
        return string.Join("; ", [.. status.IsGone ? ["gone"] : Array.Empty<string>(), .. status.Error is { } error ? [$"error: {error}"] : Array.Empty<string>(), .. parts]);
    }

    private static string Text(PodAttempt attempt) =>
        $" [{attempt.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-"}{(attempt.IsOutside ? " outside" : "")}: {attempt.Error}]";
}
