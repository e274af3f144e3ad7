using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What <c>why</c> answers.</summary>
public sealed class WhyTests
{
    private const int Width = 150;

    [Fact]
    public async Task Every_root_cause_counts_what_came_after_it_however_many_there_are()
    {
        var names = Enumerable.Range(0, Width).Select(number => $"t{number}").ToList();
        using var repository = await TestRepository.CreateAsync(
        [
            ("dependencies.yaml", string.Join('\n',
            [
                "$job: {shared: []}",
                .. names.Select(name => $"{name}: {{inputs: [i/{name}], outputs: [o/{name}], command: cp data/i/{name} data/o/{name}}}"),
                $"half: {{inputs: [{string.Join(", ", names.Take(Width / 2).Select(name => $"o/{name}"))}], outputs: [half], command: 'true > data/half'}}",
                "sum: {inputs: [half, o/t149], outputs: [sum], command: 'true > data/sum'}",
            ])),
            ("src/job/half", ""),
            ("src/job/sum", ""),
            .. names.SelectMany(name => new[] { ($"src/job/{name}", ""), ($"data/i/{name}", "") }),
        ]);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var plan = await job.PlanAsync();
        var run = NewRun(repository.Path, plan.Commit);
        await job.Sluice.Runs.SaveAsync(
            run,
            [
                .. names.Select((name, index) => TaskOf(name, index, PlannedState.Run, new Reason(ReasonCode.InputChanged, $"i/{name}", ""))),
                TaskOf("half", Width, PlannedState.MayRun, new Reason(ReasonCode.Upstream, "t0", "")),
                TaskOf("sum", Width + 1, PlannedState.MayRun, new Reason(ReasonCode.InputChanged, "half", ""), new Reason(ReasonCode.NewTask, "sum", "")),
            ],
            default);

        var why = await job.Sluice.Api.WhyAsync(run.Id.Value);

        Assert.Equal(
            names.Select((name, index) => (Subject: $"i/{name}", Task: name, Downstream: index < Width / 2 ? 2 : index == 149 ? 1 : 0))
                .Append((Subject: "", Task: "sum", Downstream: 0))
                .OrderByDescending(cause => cause.Downstream),
            why.RootCauses.Select(cause => (cause.Reason.Subject, cause.Tasks.Single(), cause.Downstream)));
    }

    private static Run NewRun(string url, string commit) => new()
    {
        Id = RunId.New(TimeProvider.System.GetUtcNow()),
        Job = JobName.Parse("job"),
        Url = url,
        Ref = "main",
        Commit = CommitId.Parse(commit),
        Engine = "process",
        CreatedAt = TimeProvider.System.GetUtcNow(),
    };

    private static TaskRun TaskOf(string name, int index, PlannedState planned, params ImmutableArray<Reason> reasons) =>
        new() { Name = new TaskName(name), Index = index, Planned = planned, Reasons = reasons };
}
