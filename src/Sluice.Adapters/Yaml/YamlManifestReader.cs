using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Reads <c>dependencies.yaml</c> and <c>params.yaml</c> with YamlDotNet, reporting every mistake at once.</summary>
internal sealed class YamlManifestReader : IManifestReader
{
    private const int MaxNameLength = 200;

    // So many that nobody reads on; what follows is most likely the same mistake again.
    private const int MaxMistakes = 100;

    /// <inheritdoc/>
    public Manifest Read(ReadOnlyMemory<byte> utf8)
    {
        var tree = new YamlTreeReader(Manifest.FileName);
        if (utf8.Length > Manifest.MaxBytes)
        {
            throw Broken([new Mistake(Manifest.FileName, 0, 0, "It is larger than 4 MiB.", "Make it smaller, or split the job.")]);
        }

        var root = tree.Read(utf8);
        var mistakes = tree.Mistakes;
        var manifest = root switch
        {
            YamlMap map => ReadJob(map, mistakes),
            null or YamlScalar { IsNull: true } => new Manifest(),
            _ => null,
        };
        if (manifest is null)
        {
            mistakes.Add(new Mistake(
                Manifest.FileName, root!.Position.Line, root.Position.Column, "It is not a mapping of tasks.", "Write 'task: {command: …}' for each task."));
        }

        return mistakes.Count == 0 ? manifest! : throw Broken(mistakes);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> ReadParams(ReadOnlyMemory<byte> utf8) => ParamsReader.Read(utf8);

    /// <summary>The exception for some mistakes, in the order of the file.</summary>
    internal static BrokenRepositoryException Broken(IReadOnlyCollection<Mistake> mistakes) =>
        new([.. mistakes.OrderBy(mistake => (mistake.Line, mistake.Column)).Take(MaxMistakes)]);

    private static Manifest? ReadJob(YamlMap root, List<Mistake> mistakes)
    {
        var (settings, defaults) = root.Entries.Find(entry => entry.Key.Text == "$job") is { Value: { } job }
            ? new JobReader(new FieldReader("$job", mistakes)).Read(job)
            : (new JobSettings(), TaskReader.Empty);
        var entries = root.Entries.Where(entry => entry.Key.Text != "$job").ToList();
        if (entries.Count > Manifest.MaxTasks)
        {
            mistakes.Add(new Mistake(
                Manifest.FileName, 0, 0, $"There are {entries.Count:N0} tasks, more than {Manifest.MaxTasks:N0}.", "Split the job."));
            return new Manifest();
        }

        var tasks = ImmutableArray.CreateBuilder<JobTask>(entries.Count);
        foreach (var (key, value) in entries)
        {
            if (ReadTask(key, value, defaults, mistakes) is { } task)
            {
                tasks.Add(task);
            }
        }

        new ManifestChecks(tasks, mistakes).Check();
        return new Manifest { Settings = settings, Tasks = tasks.DrainToImmutable() };
    }

    private static JobTask? ReadTask(YamlScalar key, YamlNode value, JobTask defaults, List<Mistake> mistakes)
    {
        var fields = new FieldReader($"Task '{Show.Text(key.Text)}'", mistakes);
        if (WrongName(key.Text) is { } wrong)
        {
            fields.Report(key, $"its name {wrong}.", "Name it like a relative path, for example train.py.");
            return null;
        }

        if (value is YamlMap map)
        {
            return new TaskReader(fields).Read(new TaskName(key.Text), key, map, defaults);
        }

        fields.Report(value, "it is not a mapping.", "Write 'task: {inputs: […], outputs: […], command: …}'.");
        return null;
    }

    private static string? WrongName(string name) =>
        RepoPath.Check(name, out _)
        ?? (name.EndsWith('/') ? "ends in '/'"
            : name.Length > MaxNameLength ? $"is longer than {MaxNameLength} characters"
            : name[0] is '$' or '-' ? $"begins with '{name[0]}'"
            : ValueRules.HasReservedCharacter(name) ? "has one of * ? [ ] { }, which are reserved for a later release"
            : null);
}
