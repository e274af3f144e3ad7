using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Reads the fields of one task, or of <c>$job.defaults</c>.</summary>
internal sealed class TaskReader(FieldReader fields)
{
    private static readonly string[] Known =
    [
        "inputs", "outputs", "image", "command", "script", "code", "environment_files", "env", "params", "resources", "timeout", "retries",
        "cache", "track_image", "network",
    ];

    // What makes sense for every task of a job; the others say what one task is.
    private static readonly string[] KnownDefaults =
        ["image", "code", "environment_files", "env", "resources", "timeout", "retries", "cache", "track_image", "network"];

    private static readonly HashSet<string> Reserved = ["secrets", "profile", "matrix", "foreach"];

    /// <summary>The task, as far as its fields are right.</summary>
    /// <param name="task">The task with its name, place and defaults.</param>
    /// <param name="key">Its key.</param>
    /// <param name="entries">Its fields.</param>
    public JobTask Read(JobTask task, YamlScalar key, YamlMap entries)
    {
        var read = ReadFields(task, entries, Known);
        if (read.Command.Words.IsEmpty && !fields.IsDoubtful("command"))
        {
            fields.Report(key, "it has no 'command'.", "Say what it runs, for example 'command: python src/job/train.py'.");
        }

        return read;
    }

    /// <summary>The defaults of a job, as a task without name and command.</summary>
    public JobTask ReadDefaults(YamlMap entries) => ReadFields(Empty, entries, KnownDefaults);

    /// <summary>A task that says nothing.</summary>
    public static JobTask Empty { get; } = new() { Name = default, Command = TaskCommand.List([]) };

    private JobTask ReadFields(JobTask task, YamlMap entries, IReadOnlyCollection<string> known)
    {
        foreach (var (key, value) in entries.Entries)
        {
            if (known.Contains(key.Text))
            {
                var before = task;
                task = fields.Read(key.Text, () => ReadField(before, key.Text, value));
            }
            else
            {
                fields.Unknown(key, known, Reserved);
            }
        }

        return task;
    }

    private JobTask ReadField(JobTask task, string field, YamlNode value) => field switch
    {
        "command" => task with { Command = Command(value) },
        "inputs" => task with { Inputs = DataPaths(field, value) },
        "outputs" => task with { Outputs = DataPaths(field, value) },
        "image" => task with { Image = fields.Text(field, value, ValueRules.IsImage, "Write an image like python:3.12 or registry/name@sha256:….") },
        "script" => task with { Script = fields.Text(field, value) is { } path ? fields.Path(field, path, value) : null },
        "code" => task with { Code = Globs(field, value) },
        "environment_files" => task with { EnvironmentFiles = Globs(field, value) },
        "env" => task with { Variables = Variables(task.Variables, value) },
        "params" => task with { Params = Params(value) },
        "resources" => task with { Resources = Resources(value) },
        "timeout" => task with { Timeout = Timeout(value) },
        "retries" => task with { Retries = fields.Number(field, value, 0, 100) ?? 0 },
        "cache" => task with { IsCacheable = fields.Boolean(field, value) ?? true },
        "network" => task with { UsesNetwork = fields.Boolean(field, value) ?? false },
        "track_image" => task with { TrackImage = fields.Boolean(field, value) },
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private TaskCommand Command(YamlNode value)
    {
        if (value is YamlList list)
        {
            var words = fields.Texts("command", value).Select(word => word.Text).ToImmutableArray();
            if (words.IsEmpty || words[0].Length == 0)
            {
                fields.Report(value, "'command' is an empty list.", "Name a program first, then its arguments.");
            }

            return TaskCommand.List(words.Length == list.Items.Count && !words.IsEmpty && words[0].Length > 0 ? words : []);
        }

        if (value is YamlScalar { IsNull: false } scalar && (scalar.IsNumber || scalar.IsBoolean))
        {
            fields.Report(value, $"'command' is '{Show.Text(scalar.Text)}'.", "Write a text or a list of texts.");
            return TaskCommand.List([]);
        }

        var text = fields.Text("command", value);
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            fields.Report(value, "'command' is empty.", "Say what the task runs.");
        }

        return string.IsNullOrWhiteSpace(text) ? TaskCommand.List([]) : TaskCommand.Shell(text);
    }

    private ImmutableArray<DataPath> DataPaths(string field, YamlNode value)
    {
        var paths = ImmutableArray.CreateBuilder<DataPath>();
        var seen = new HashSet<DataPath>();
        foreach (var (text, at) in fields.Texts(field, value))
        {
            if (DataPath(field, text, at) is not { } path)
            {
                continue;
            }

            if (seen.Add(path))
            {
                paths.Add(path);
            }
            else
            {
                fields.Report(at, $"'{field}' names '{Show.Text(text)}' twice.", "Take one out.");
            }
        }

        return paths.DrainToImmutable();
    }

    private DataPath? DataPath(string field, string text, YamlNode at)
    {
        if (ValueRules.HasScheme(text))
        {
            fields.Report(at, $"'{field}': '{Show.Text(text)}' has a scheme, which is reserved for a later release.", "Name a file below the data folder.");
            return null;
        }

        if (ValueRules.HasReservedCharacter(text))
        {
            fields.Report(at, $"'{field}': '{Show.Text(text)}' has one of * ? [ ] {{ }}, which are reserved for a later release.", "Name a file, or a folder with a final '/'.");
            return null;
        }

        return fields.Path(field, text, at) is { } path ? new DataPath(path, text.EndsWith('/')) : null;
    }

    /// <summary>Patterns over the repository.</summary>
    public ImmutableArray<string> Globs(string field, YamlNode value)
    {
        var globs = ImmutableArray.CreateBuilder<string>();
        foreach (var (text, at) in fields.Texts(field, value))
        {
            if (Glob.Check(text, out _) is { } wrong)
            {
                fields.Report(at, $"'{field}': the pattern '{Show.Text(text)}' {wrong}.", "Write a path or a pattern relative to the root of the repository.");
            }
            else
            {
                globs.Add(text);
            }
        }

        return globs.DrainToImmutable();
    }

    private ImmutableSortedDictionary<string, string> Variables(ImmutableSortedDictionary<string, string> before, YamlNode value)
    {
        var variables = before.WithComparers(StringComparer.Ordinal);
        foreach (var (key, node) in fields.Entries("env", value))
        {
            if (!ValueRules.IsVariable(key.Text))
            {
                fields.Report(key, $"'env' names '{Show.Text(key.Text)}'.", "Use letters, digits and '_'; SLUICE_*, HOME, TMPDIR and *_PATH of the contract are Sluice's own.");
            }
            else if (fields.Text($"env.{key.Text}", node) is { } text)
            {
                variables = variables.SetItem(key.Text, text);
            }
        }

        return variables;
    }

    private ImmutableArray<string> Params(YamlNode value)
    {
        var keys = fields.Texts("params", value);
        foreach (var (text, at) in keys.Where(key => !ValueRules.IsParam(key.Text)))
        {
            fields.Report(at, $"'params' names '{Show.Text(text)}'.", "Write a dotted key of params.yaml, like train.lr.");
        }

        return [.. keys.Select(key => key.Text).Where(ValueRules.IsParam).Distinct().Order(StringComparer.Ordinal)];
    }

    private TaskResources Resources(YamlNode value)
    {
        var resources = new TaskResources(null, null, 0);
        foreach (var (key, node) in fields.Entries("resources", value))
        {
            resources = key.Text switch
            {
                "cpu" => resources with { Cpu = fields.Text("resources.cpu", node, ValueRules.IsCpu, "Write an amount like 500m or 2.") },
                "memory" => resources with { Memory = fields.Text("resources.memory", node, ValueRules.IsMemory, "Write an amount like 512Mi or 2Gi.") },
                "gpu" => resources with { Gpu = fields.Number("resources.gpu", node, 0, 64) ?? 0 },
                _ => Unknown(resources, key),
            };
        }

        return resources;
    }

    private TaskResources Unknown(TaskResources resources, YamlScalar key)
    {
        fields.Unknown(key, ["cpu", "memory", "gpu"], new HashSet<string>());
        return resources;
    }

    private TimeSpan? Timeout(YamlNode value) =>
        fields.Text("timeout", value, text => ValueRules.Duration(text) is not null, "Write a time like 90s, 10m or 1h30m, at most 30 days.") is { } text
            ? ValueRules.Duration(text)
            : null;
}
