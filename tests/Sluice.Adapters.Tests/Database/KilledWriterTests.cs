using System.Diagnostics;
using System.IO.Pipes;
using Sluice.Adapters.Database;
using Sluice.Core.Running;
using Sluice.Testing;
using Xunit;
using static Sluice.Testing.Database.TestRuns;

namespace Sluice.Adapters.Tests.Database;

public sealed class KilledWriterTests : IDisposable
{
    private const string StateVariable = "SLUICE_TEST_WRITER_STATE";

    private const string PipeVariable = "SLUICE_TEST_WRITER_PIPE";

    private const int StepsPerRun = 10;

    private const int End = StepsPerRun + 1;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(333)]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_writer_is_killed(int acknowledgements)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var state = new StateFolder(_folder["state"]);
        var acknowledged = await ReadUntilKilledAsync(state, acknowledgements, cancelled);

        var (runs, _, database) = DatabaseServices.Open(state);
        using var open = database;
        var last = acknowledged.GroupBy(line => line.Run).ToDictionary(group => group.Key, group => group.Last().Step);

        Assert.True(acknowledged.Count >= acknowledgements);
        foreach (var (id, step) in last)
        {
            var tasks = await runs.ListTasksAsync(RunId.Parse(id), null, 1000, null, cancelled);
            Assert.True(tasks.Items.Count >= Math.Min(step, StepsPerRun), $"run {id}: {tasks.Items.Count} tasks of {step} are there");
            Assert.True(step < End || (await runs.FindRunAsync(RunId.Parse(id), cancelled))!.IsEnded, $"run {id}: its end is lost");
            await AssertEventsAreWholeAsync(runs, RunId.Parse(id), tasks.Items.Count, cancelled);
        }
    }

    [Fact(Explicit = true)]
    public async Task Writer()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var state = Environment.GetEnvironmentVariable(StateVariable) ?? throw new InvalidOperationException("Only for the test above.");
        await using var pipe = new NamedPipeClientStream(".", Environment.GetEnvironmentVariable(PipeVariable)!, PipeDirection.Out);
        await pipe.ConnectAsync(cancelled);
        await using var told = new StreamWriter(pipe) { AutoFlush = true };
        var (runs, _, database) = DatabaseServices.Open(new StateFolder(state));
        using var open = database;
        for (var number = 0; ; number++)
        {
            var run = Run(number);
            for (var step = 0; step < StepsPerRun; step++)
            {
                await runs.SaveAsync(run with { Status = RunStatus.Running }, Tasks(TaskState.Executed, step), cancelled);
                await told.WriteLineAsync($"{run.Id} {step + 1}");
            }

            await runs.SaveAsync(Succeeded(run), [], cancelled);
            await told.WriteLineAsync($"{run.Id} {End}");
        }
    }

    private async Task<List<(string Run, int Step)>> ReadUntilKilledAsync(
        StateFolder state, int acknowledgements, CancellationToken cancelled)
    {
        var pipeName = _folder["pipe"];
        await using var pipe = new NamedPipeServerStream(pipeName, PipeDirection.In);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-explicit", "only", "-method", $"{typeof(KilledWriterTests).FullName}.{nameof(Writer)}" })
        {
            start.ArgumentList.Add(argument);
        }

        (start.Environment[StateVariable], start.Environment[PipeVariable]) = (state.Root, pipeName);
        using var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        var lines = new List<(string Run, int Step)>();
        try
        {
            var connected = pipe.WaitForConnectionAsync(cancelled);
            await Task.WhenAny(connected, process.WaitForExitAsync(cancelled));
            Assert.True(connected.IsCompletedSuccessfully, "the writer ended before it began");
            using var told = new StreamReader(pipe);
            while (await told.ReadLineAsync(cancelled) is { } line)
            {
                if (line.Split(' ') is [var run, var step] && int.TryParse(step, out var number))
                {
                    lines.Add((run, number));
                }

                // What it wrote between the last line and its death is read too: the loop goes on to the end of the pipe.
                if (lines.Count == acknowledgements)
                {
                    process.Kill();
                }
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return lines;
    }

    private static async Task AssertEventsAreWholeAsync(IRunStore runs, RunId run, int tasks, CancellationToken cancelled)
    {
        var isEnded = (await runs.FindRunAsync(run, cancelled))!.IsEnded;
        var count = (2 * tasks) + (isEnded ? 1 : 0);
        var events = await runs.EventsAsync(run, 0, cancelled).Take(count).Select(it => it.Id).ToListAsync(cancelled);
        Assert.Equal(Enumerable.Range(1, count).Select(id => (long)id), events);
    }
}
