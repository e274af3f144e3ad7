using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Reads the tree of <c>dependencies.yaml</c>: the settings, the tasks, and how the tasks go together.</summary>
/// <param name="root">The tree.</param>
/// <param name="before">The mistakes that the tree itself has.</param>
internal sealed class RootReader(YamlMap root, IReadOnlyCollection<Mistake> before)
{
    private const int MaxNameLength = 200;

    private readonly FoundMistakes _found = new();
    private readonly HashSet<(string Owner, string Field)> _doubtful = [];
    private readonly HashSet<DataPath> _clashing = [];

    /// <summary>The manifest, with its mistakes.</summary>
    public ManifestReading Read()
    {
        if (before.Count > 0)
        {
            // Something was left out, and nobody knows what.
            _doubtful.Add((ManifestReading.Job, "outputs"));
        }

        var (settings, defaults) = root.Entries.Find(entry => entry.Key.Text == ManifestReading.Job) is { Value: { } job }
            ? new JobReader(FieldsOf(ManifestReading.Job)).Read(job)
            : (new JobSettings(), TaskReader.Empty);
        var places = new ManifestPlaces(root);
        var tasks = ReadTasks(defaults);
        new ManifestChecks(tasks, places, _found, _doubtful, _clashing).Check();
        return new ManifestReading
        {
            Manifest = new Manifest { Settings = settings, Tasks = tasks },
            Mistakes = [.. before, .. _found.All],
            Doubtful = _doubtful,
            Clashing = _clashing,
            Place = places.Find,
        };
    }

    private ImmutableArray<JobTask> ReadTasks(JobTask defaults)
    {
        var entries = root.Entries.Where(entry => entry.Key.Text != ManifestReading.Job).ToList();
        if (entries.Count > Manifest.MaxTasks)
        {
            _found.Add(default, "", $"There are {entries.Count:N0} tasks, more than {Manifest.MaxTasks:N0}.", "Split the job.");
            return [];
        }

        return [.. entries.Select(entry => ReadTask(entry.Key, entry.Value, defaults))];
    }

    private JobTask ReadTask(YamlScalar key, YamlNode value, JobTask defaults)
    {
        var wrong = WrongName(key.Text);
        var name = wrong is null ? key.Text : Show.Text(key.Text);
        var fields = FieldsOf(name);
        if (wrong is not null)
        {
            fields.Report(key, $"its name {wrong}.", "Name it like a relative path, for example train.py.");
            fields.Doubt("name");
            fields.Doubt("script");
        }

        var task = defaults with { Name = new TaskName(name), Position = key.Position };
        if (value is YamlMap map)
        {
            return new TaskReader(fields).Read(task, key, map);
        }

        fields.Report(value, "it is not a mapping.", "Write 'task: {inputs: […], outputs: […], command: …}'.");
        fields.Doubt("script");

        // A list, or nothing, may be what is left of outputs that others read; a text never had any.
        if (value is not YamlScalar { IsNull: false })
        {
            fields.Doubt("outputs");
        }

        return task;
    }

    private FieldReader FieldsOf(string owner) => new(owner, _found, _doubtful);

    private static string? WrongName(string name) =>
        RepoPath.Check(name, out _)
        ?? (name.EndsWith('/') ? "ends in '/'"
            : name.Length > MaxNameLength ? $"is longer than {MaxNameLength} characters"
            : name[0] is '$' or '-' ? $"begins with '{name[0]}'"
            : ValueRules.HasReservedCharacter(name) ? "has one of * ? [ ] { }, which are reserved for a later release"
            : null);
}
