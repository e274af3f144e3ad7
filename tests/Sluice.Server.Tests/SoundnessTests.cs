using CsCheck;
using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Invariants 1, 2 and 3 over random jobs and random edits, against a clean full run.</summary>
public sealed class SoundnessTests
{
    private const int Tasks = 6;
    private const int Sources = 3;

    private static readonly Gen<Edit> GenEdit = Gen.Select(Gen.Int[0, 5], Gen.Int[0, Tasks - 1], Gen.Int[0, 2], (kind, target, value) => new Edit(kind, target, value));

    private static readonly Gen<(int[] Edges, Edit[] Edits)> GenCase =
        Gen.Select(Gen.Int[0, 255].Array[Tasks], GenEdit.Array[1, 5], (edges, edits) => (edges, edits));

    [Fact]
    public Task Stored_data_equals_a_clean_run_and_no_fingerprint_is_computed_twice() =>
        GenCase.SampleAsync(CheckAsync, iter: 12, threads: 2);

    private static async Task CheckAsync((int[] Edges, Edit[] Edits) it)
    {
        var model = new Model(it.Edges);
        using var repository = await TestRepository.CreateAsync(model.Files());
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var executed = new HashSet<string>();
        await RunAndCheckAsync(job, executed);
        foreach (var edit in it.Edits)
        {
            if (edit.IsRevert)
            {
                model.Undo();
            }
            else
            {
                model.Apply(edit);
            }

            await repository.CommitAsync(model.Files());
            await RunAndCheckAsync(job, executed);
        }

        await using var clean = await EmbeddedJob.OpenAsync(repository);
        var expected = await clean.RunAsync();
        Assert.Equal(await DataAsync(clean, expected.Commit), await DataAsync(job, expected.Commit));
    }

    private static async Task RunAndCheckAsync(EmbeddedJob job, HashSet<string> executed)
    {
        var plan = await job.PlanAsync();
        var run = await job.RunAsync();
        Assert.Equal("succeeded", run.Status);
        if (run.Id.Length > 0 && plan.Tasks!.Any(task => task.Planned is "run" or "may_run"))
        {
            Assert.Equal(plan.Tasks!.Select(task => (task.Name, task.Planned)), run.Tasks!.Select(task => (task.Name, task.Planned)));
        }

        foreach (var task in run.Tasks!.Where(task => task.State == "executed" && task.ResultRun == run.Id))
        {
            Assert.NotEqual("unchanged", task.Planned);
            Assert.True(executed.Add(task.Fingerprint!) || task.Planned == "unchanged", $"{task.Name} was computed twice");
        }

        var again = await job.RunAsync();
        Assert.Equal(run.Id, again.Id);
    }

    private static async Task<string> DataAsync(EmbeddedJob job, string commit) => string.Join(
        '\n', (await job.Sluice.Api.GetCommitAsync("job", commit)).Files.Select(file => $"{file.Path} {file.Digest}"));

    private sealed record Edit(int Kind, int Target, int Value)
    {
        public bool IsRevert => Kind == 5;
    }

    /// <summary>A job whose tasks print one digit of a checksum, so that the same output comes up often.</summary>
    private sealed class Model(int[] edges)
    {
        private readonly int[] _sources = new int[Sources];
        private readonly int[] _scripts = new int[Tasks];
        private readonly int[] _commands = new int[Tasks];
        private (int[] Sources, int[] Scripts, int[] Commands, string Comment) _before = ([], [], [], "");
        private string _comment = "";

        public void Apply(Edit edit)
        {
            _before = ([.. _sources], [.. _scripts], [.. _commands], _comment);
            switch (edit.Kind)
            {
                case 0:
                    _sources[edit.Target % Sources] = edit.Value;
                    break;
                case 1 or 2:
                    _scripts[edit.Target] = edit.Value;
                    break;
                case 3:
                    _commands[edit.Target] = edit.Value;
                    break;
                default:
                    _comment = $"# {edit.Value}\n";
                    break;
            }
        }

        public void Undo()
        {
            if (_before.Sources.Length > 0)
            {
                _before.Sources.CopyTo(_sources, 0);
                _before.Scripts.CopyTo(_scripts, 0);
                _before.Commands.CopyTo(_commands, 0);
                _comment = _before.Comment;
            }
        }

        public (string Path, string Content)[] Files() =>
        [
            ("dependencies.yaml", _comment + "$job: {shared: []}\n" + string.Concat(Enumerable.Range(0, Tasks).Select(Task))),
            .. _sources.Select((value, index) => ($"data/s{index}", $"{value}")),
            .. _scripts.Select((value, index) => ($"src/job/t{index}", $"{value}")),
        ];

        // Bits choose among the sources and the tasks before it.
        private string Task(int index)
        {
            var inputs = Enumerable.Range(0, Sources).Where(source => (edges[index] >> source & 1) == 1).Select(source => $"s{source}")
                .Concat(Enumerable.Range(0, index).Where(task => (edges[index] >> (Sources + task) & 1) == 1).Select(task => $"o{task}"))
                .ToList();
            var files = string.Concat(inputs.Select(input => $" data/{input}"));
            return $"t{index}:\n  inputs: [{string.Join(", ", inputs)}]\n  outputs: [o{index}]\n"
                + $"  command: cat src/job/t{index}{files} | cksum | cut -c{1 + _commands[index]} > data/o{index}\n";
        }
    }
}
