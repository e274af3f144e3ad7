using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>Binds a manifest to the files of a revision, and finds every mistake that only the files show.</summary>
public sealed class JobResolver
{
    // One that is left out shows when these are gone.
    private const int MaxCycles = 20;

    private static readonly RepoPath ParamsPath = RepoPath.Trusted("params.yaml");

    private readonly ManifestReading _reading;
    private readonly Manifest _manifest;
    private readonly Revision _revision;
    private readonly RepoPath _codeFolder;
    private readonly JobGraph _graph;
    private readonly DeclaredFiles _declared;
    private readonly bool _isDataDoubtful;
    private readonly FoundMistakes _found = new();

    private JobResolver(JobName name, ManifestReading reading, Revision revision)
    {
        (_reading, _manifest, _revision) = (reading, reading.Manifest, revision);
        _codeFolder = _manifest.Settings.CodeFolder ?? RepoPath.Trusted($"src/{name.Value}");
        _graph = new JobGraph(_manifest.Tasks);
        _declared = new DeclaredFiles(revision);
        _isDataDoubtful = IsDoubtful(ManifestReading.Job, "data_dir") || reading.Doubtful.Any(doubt => doubt.Field == "outputs");
    }

    /// <summary>The graph of the job at that revision.</summary>
    /// <exception cref="BrokenRepositoryException">With every mistake.</exception>
    public static ResolvedJob Resolve(JobName name, Manifest manifest, RevisionFile manifestFile, Revision revision)
    {
        var (job, mistakes) = Examine(name, new ManifestReading { Manifest = manifest }, manifestFile, revision);
        return mistakes.IsEmpty ? job : throw BrokenRepositoryException.Of(mistakes);
    }

    /// <summary>The graph as far as the manifest goes, and every mistake in it and in what it says of the revision.</summary>
    public static (ResolvedJob Job, ImmutableArray<Mistake> Mistakes) Examine(
        JobName name, ManifestReading reading, RevisionFile manifestFile, Revision revision)
    {
        var resolver = new JobResolver(name, reading, revision);
        var job = resolver.Resolve(name, manifestFile);
        return (job, [.. reading.Mistakes, .. resolver._found.All]);
    }

    private ResolvedJob Resolve(JobName name, RevisionFile manifestFile)
    {
        var scripts = _manifest.Tasks.Select(ScriptOf).ToList();
        var notShared = scripts.OfType<RevisionFile>().Select(file => file.Path).ToHashSet();

        // Also where no task needs them: their patterns have to match something.
        var shared = Shared(notShared);
        var environment = Environment();
        var tasks = new List<ResolvedTask>(_manifest.Tasks.Length);
        for (var index = 0; index < scripts.Count; index++)
        {
            tasks.Add(ResolveTask(_manifest.Tasks[index], index, scripts[index], shared, environment));
        }

        var downstream = Downstream(tasks);
        var upstream = tasks.Select(task => task.Upstream).ToList();
        var order = TopologicalOrder.Of(upstream, downstream);
        foreach (var cycle in TopologicalOrder.FindCycles(upstream, downstream, order).Take(MaxCycles))
        {
            ReportCycle(cycle, tasks);
        }

        return new ResolvedJob
        {
            Name = name,
            Manifest = _manifest,
            ManifestFile = manifestFile,
            CodeFolder = _codeFolder,
            Tasks = [.. tasks.Select((task, index) => task with { Downstream = downstream[index] })],
            Order = order,
            ParamsFile = FindParams(),
            Warnings = Warnings(),
        };
    }

    private static List<ImmutableArray<int>> Downstream(List<ResolvedTask> tasks)
    {
        var lists = tasks.Select(_ => new List<int>()).ToList();
        foreach (var task in tasks)
        {
            foreach (var upstream in task.Upstream)
            {
                lists[upstream].Add(task.Index);
            }
        }

        return [.. lists.Select(list => list.ToImmutableArray())];
    }

    private ResolvedTask ResolveTask(JobTask task, int index, RevisionFile? script, FileSet shared, FileSet environment)
    {
        if (script is null && task.Script is null && task.Code is null && !IsScriptDoubtful(task))
        {
            Report(
                task,
                "script",
                "",
                $"it has neither a script nor 'code': there is no file '{_codeFolder}/{task.Name}'.",
                "Name its script with 'script:', or the files it runs with 'code:'.");
        }

        var inputs = task.Inputs.Distinct().Order().Select(input => ResolveInput(task, input)).ToImmutableArray();
        return new ResolvedTask
        {
            Task = task,
            Index = index,
            Script = script,
            Code = task.Code is { } code ? Declared(task, "code", code) : shared,
            EnvironmentFiles = task.EnvironmentFiles is { } files ? Declared(task, "environment_files", files) : environment,
            Inputs = inputs,
            Upstream = [.. inputs.SelectMany(input => input.Producers).Distinct().Order()],
        };
    }

    private RevisionFile? ScriptOf(JobTask task)
    {
        if (task.Script is { } declared)
        {
            var path = declared.In(_codeFolder);
            var file = _revision.Find(path);
            if (file is not { IsReadable: true } && !IsScriptDoubtful(task))
            {
                Report(
                    task, "script", declared.Value, $"its script '{path}' {Absent(file)}.", "Commit it, or correct 'script:' (relative to the code folder).");
            }

            return file;
        }

        return RepoPath.Check(task.Name.Value, out var name) is null && _revision.Find(name.In(_codeFolder)) is { IsReadable: true } found
            ? found
            : null;
    }

    private bool IsScriptDoubtful(JobTask task) =>
        IsDoubtful(task.Name.Value, "script") || IsDoubtful(task.Name.Value, "code") || IsDoubtful(ManifestReading.Job, "code_dir");

    private static string Absent(RevisionFile? file) => file?.Kind switch
    {
        null => "is not in the repository",
        RevisionFileKind.Symlink => "is a symbolic link that leads out of the repository or nowhere",
        _ => "is not a regular file",
    };

    private ResolvedInput ResolveInput(JobTask task, DataPath input)
    {
        var data = _manifest.Settings.DataFolder;
        var path = input.Path.In(data);
        var found = input.IsFolder ? _revision.Below(path) : _revision.Find(path) is { } file ? [file] : [];
        var sources = found.Where(file => !_graph.IsOutput(file.Path.RelativeTo(data))).ToImmutableArray();
        var producers = _graph.ProducersOf(input);
        foreach (var source in sources.Where(file => !file.IsReadable))
        {
            Report(task, "inputs", input.ToString(), $"its input '{source.Path}' {Absent(source)}.", "Commit a regular file.");
        }

        if (sources.IsEmpty && producers.IsEmpty && !_isDataDoubtful)
        {
            ReportMissingInput(task, input, path);
        }

        return new ResolvedInput(input, [.. sources.Where(file => file.IsReadable)], producers);
    }

    private void ReportMissingInput(JobTask task, DataPath input, RepoPath path)
    {
        var isReference = _revision.Find(RepoPath.Trusted(path.Value + ".ref")) is not null;
        var isOther = input.IsFolder ? _revision.Find(path) is not null : _revision.Below(path).Any();
        Report(
            task,
            "inputs",
            input.ToString(),
            $"nobody produces its input '{input}', and '{path}' is not in the repository.",
            isReference ? "Files data/<x>.ref are reserved for a later release; commit the data itself."
            : isOther ? input.IsFolder ? "It is a file: leave out the final '/'." : "It is a folder: add a final '/'."
            : "Commit the file, or name the output of another task.");
    }

    private FileSet Shared(HashSet<RepoPath> notShared) => _manifest.Settings.Shared is { } patterns
        ? Declared(null, "shared", patterns, file => !notShared.Contains(file.Path))
        : _declared.Named("shared", () => _revision.Below(_codeFolder).Where(file => file.IsReadable && !notShared.Contains(file.Path)));

    private FileSet Environment() => _manifest.Settings.EnvironmentFiles is { } patterns
        ? Declared(null, "environment_files", patterns)
        : _declared.Named("environment", () =>
        {
            var root = _revision.Files.Where(file => file.IsReadable && !file.Path.Value.Contains('/', StringComparison.Ordinal)).ToList();
            var names = EnvironmentFileNames.Among([.. root.Select(file => file.Path.Value)]).ToHashSet();
            return root.Where(file => names.Contains(file.Path.Value));
        });

    private FileSet Declared(JobTask? task, string field, ImmutableArray<string> patterns, Func<RevisionFile, bool>? isWanted = null)
    {
        var (set, unmatched) = _declared.Matching(field, patterns, isWanted ?? (_ => true));
        foreach (var pattern in unmatched)
        {
            Report(
                task,
                field,
                pattern,
                $"the pattern '{pattern}' of '{field}' matches no file.",
                "Patterns are relative to the root of the repository; '*' stops at '/', '**' does not.");
        }

        return set;
    }

    private RevisionFile? FindParams()
    {
        if (_manifest.Tasks.FirstOrDefault(task => !task.Params.IsEmpty) is not { } task)
        {
            return null;
        }

        var file = _revision.Find(ParamsPath);
        if (file is { IsReadable: true })
        {
            return file;
        }

        Report(task, "params", task.Params[0], $"it lists params, and 'params.yaml' {Absent(file)}.", "Add the file at the root of the repository.");
        return null;
    }

    private ImmutableArray<string> Warnings()
    {
        var data = _manifest.Settings.DataFolder;
        var committed = _revision.Below(data).Where(file => _graph.IsOutput(file.Path.RelativeTo(data))).Select(file => file.Path.Value).ToList();
        return committed.Count == 0
            ? []
            : [$"{committed[0]}{(committed.Count > 1 ? $" and {committed.Count - 1} more" : "")}: committed copies of outputs are not read, the tasks' own results are"];
    }

    private void ReportCycle(IReadOnlyList<int> cycle, List<ResolvedTask> tasks)
    {
        if (cycle.Any(index => IsDoubtful(_manifest.Tasks[index].Name.Value, ManifestReading.Clash)))
        {
            return;
        }

        // Spelled out in the direction of the data: each task's output is an input of the next.
        var names = cycle.Reverse().Select(index => _manifest.Tasks[index].Name.Value).ToList();
        var shown = names.Count > 12 ? [.. names[..6], $"… {names.Count - 11} more …", .. names[^5..]] : names;
        var first = tasks[cycle[^1]];
        var input = first.Inputs.First(input => input.Producers.Contains(cycle[0])).Declared;
        _found.Add(
            PlaceOf(first.Task, "inputs", input.ToString()),
            "",
            $"The tasks depend on each other in a circle of {names.Count}: {string.Join(" -> ", shown)} -> {names[0]}.",
            "Take one of these inputs away.");
    }

    private bool IsDoubtful(string owner, string field) => _reading.Doubtful.Contains((owner, field));

    private void Report(JobTask? task, string field, string value, string problem, string advice) => _found.Add(
        PlaceOf(task, field, value), task is null ? ManifestReading.Job : $"Task '{task.Name}'", problem, advice);

    private SourcePosition PlaceOf(JobTask? task, string field, string value) =>
        _reading.Place(task?.Name.Value ?? ManifestReading.Job, field, value) ?? task?.Position ?? default;
}
