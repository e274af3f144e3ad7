using System.Collections.Immutable;
using Sluice.Client;

namespace Sluice.Server.Tests.Differential;

/// <summary>A random job as a value: every edit gives another one, so that a revert is just an earlier one.</summary>
public sealed record JobModel
{
    public const int TaskCount = 6;

    public required ImmutableArray<TaskModel> Tasks { get; init; }

    public ImmutableArray<int> Sources { get; init; } = [0, 0, 0];

    public ImmutableSortedDictionary<string, int> Folder { get; init; } =
        ImmutableSortedDictionary<string, int>.Empty.Add("data/in/f0", 0);

    public int Library { get; init; }

    public int Parameter { get; init; }

    public int OtherParameter { get; init; }

    public string Comment { get; init; } = "";

    /// <summary>The image of all tasks, which are not told what is in it.</summary>
    public string Image { get; init; } = "registry.example.org/job";

    public bool IsReversed { get; init; }

    /// <summary>A job whose tasks read what the bits say: sources, the folder of sources, and outputs of tasks before them.</summary>
    public static JobModel Of(int[] bits, string image) => new()
    {
        Image = image,
        Tasks = [.. bits.Select((bit, number) => new TaskModel
        {
            Number = number,
            Inputs = [.. InputsOf(bit, number, bits)],
            WritesFolder = IsSet(bit, 12),
            ReadsParam = IsSet(bit, 13),
        })],
    };

    /// <summary>Another job, a small step away.</summary>
    public JobModel Edit(int kind, int target, int value)
    {
        var task = Tasks[target % Tasks.Length];
        return kind switch
        {
            0 => this with { Sources = Sources.SetItem(target % Sources.Length, value) },
            1 => this with { Folder = Folder.SetItem($"data/in/f{target % 2}", value) },
            2 => this with { Folder = Folder.Count > 1 ? Folder.Remove("data/in/f1") : Folder.Add("data/in/f1", value) },
            3 => With(task with { Script = value }),
            4 => With(task with { Width = 1 + value }),
            5 => With(task with { Variable = value }),
            6 => With(task with { IsExecutable = !task.IsExecutable }),
            7 => With(task with { IsRenamed = !task.IsRenamed }),
            8 => With(task with { Minutes = 5 + value }),
            9 => this with { Library = value },
            10 => this with { Parameter = value },
            11 => this with { OtherParameter = value },
            12 => this with { Comment = $"# {value}\n" },
            _ => this with { IsReversed = !IsReversed },
        };
    }

    /// <summary>Whether the step changes what any task's bytes depend on.</summary>
    public static bool Matters(int kind) => kind is not (7 or 8 or 11 or 12 or 13);

    /// <summary>Every file of the repository.</summary>
    public (string Path, string Content)[] Files() =>
    [
        ("dependencies.yaml", $"{Comment}$job: {{code_dir: src/job, shared: [src/job/lib], defaults: {{image: '{Image}', track_image: false}}}}\n" + string.Concat((IsReversed ? Tasks.Reverse() : Tasks).Select(task => task.Yaml))),
        ("params.yaml", $"a: {Parameter}\nb: {OtherParameter}\n"),
        ("src/job/lib", $"{Library}"),
        .. Sources.Select((value, index) => ($"data/s{index}", $"{value}")),
        .. Folder.Select(file => (file.Key, $"{file.Value}")),
        .. Tasks.Select(task => (task.ScriptPath, $"{task.Script}")),
    ];

    /// <summary>
    /// All that decides a task's bytes, told without Sluice's help: what it declares, and the digests of the inputs that the run stored. For each
    /// there must be one execution: a second is one too many, and none is unsound.
    /// </summary>
    public string EssenceOf(TaskModel task, CommitView stored) => string.Join(
        '|',
        task.Command,
        task.Script,
        task.IsExecutable,
        task.Variable,
        Library,
        task.ReadsParam ? Parameter : -1,
        string.Join(',', stored.Files.Where(file => task.Inputs.Any(input => Covers(input, file.Path))).Select(file => $"{file.Path} {file.Digest}")));

    private static IEnumerable<string> InputsOf(int bit, int number, int[] bits)
    {
        var sources = Enumerable.Range(0, 3).Where(source => IsSet(bit, source)).Select(source => $"s{source}");
        string[] folder = IsSet(bit, 3) ? ["in/"] : [];

        // A file below a folder output depends on its producer.
        var outputs = Enumerable.Range(0, number)
            .Where(other => IsSet(bit, 4 + other))
            .Select(other => IsSet(bits[other], 12) ? (IsSet(bit, 14) ? $"o{other}/a" : $"o{other}/") : $"o{other}");
        return [.. sources, .. folder, .. outputs];
    }

    private static bool IsSet(int bits, int place) => (bits >> place & 1) == 1;

    private static bool Covers(string input, string path) => input.EndsWith('/') ? path.StartsWith(input, StringComparison.Ordinal) : path == input;

    private JobModel With(TaskModel task) => this with { Tasks = Tasks.SetItem(task.Number, task) };
}
