using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>Binds a manifest to the files of a revision, and finds every mistake that only the files show.</summary>
public sealed class JobResolver
{
    // One that is left out shows when these are gone.
    private const int MaxCycles = 20;

    private static readonly RepoPath ParamsPath = RepoPath.Trusted("params.yaml");

    private readonly Manifest _manifest;
    private readonly Revision _revision;
    private readonly RepoPath _codeFolder;
    private readonly JobGraph _graph;
    private readonly DeclaredFiles _declared;
    private readonly InputResolver _inputs;
    private readonly IReadOnlySet<DataPath> _clashing;
    private readonly JobMistakes _mistakes;

    private JobResolver(JobName name, ManifestReading reading, Revision revision)
    {
        (_manifest, _revision, _clashing) = (reading.Manifest, revision, reading.Clashing);
        _codeFolder = _manifest.Settings.CodeFolder ?? RepoPath.Trusted($"src/{name.Value}");
        _mistakes = new JobMistakes(reading);
        _graph = new JobGraph(_manifest.Tasks);
        _declared = new DeclaredFiles(revision, _manifest.Settings.DataFolder);
        _inputs = new InputResolver(reading, revision, _graph, _mistakes);
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
        return (job, [.. reading.Mistakes, .. resolver._mistakes.All]);
    }

    private ResolvedJob Resolve(JobName name, RevisionFile manifestFile)
    {
        CheckFolders();
        var scripts = _manifest.Tasks.Select(ScriptOf).ToList();
        var notShared = scripts.OfType<RevisionFile>().Select(file => file.Path).ToHashSet();

        // Also where no task needs them: their patterns have to match something.
        var sets = (Shared(notShared, hasParams: false), Environment(hasParams: false));
        var setsBesideParams = (Shared(notShared, hasParams: true), Environment(hasParams: true));
        var tasks = new List<ResolvedTask>(_manifest.Tasks.Length);
        for (var index = 0; index < scripts.Count; index++)
        {
            var task = _manifest.Tasks[index];
            tasks.Add(ResolveTask(task, index, scripts[index], task.Params.IsEmpty ? sets : setsBesideParams));
        }

        var upstream = tasks.Select(task => task.Upstream).ToList();
        var downstream = Downstream(upstream);
        var order = TopologicalOrder.Of(upstream, downstream);
        CheckCycles(tasks, upstream, downstream, order);
        return new ResolvedJob
        {
            Name = name,
            Manifest = _manifest,
            ManifestFile = manifestFile,
            CodeFolder = _codeFolder,
            Tasks = [.. tasks.Select((task, index) => task with { Downstream = downstream[index] })],
            Order = order,
            ParamsFile = FindParams(),
            Copies = CheckData(),
        };
    }

    private static List<ImmutableArray<int>> Downstream(List<ImmutableArray<int>> upstream)
    {
        var lists = upstream.Select(_ => new List<int>()).ToList();
        for (var index = 0; index < lists.Count; index++)
        {
            foreach (var other in upstream[index])
            {
                lists[other].Add(index);
            }
        }

        return [.. lists.Select(list => list.ToImmutableArray())];
    }

    private ResolvedTask ResolveTask(JobTask task, int index, RevisionFile? script, (FileSet Shared, FileSet Environment) sets)
    {
        if (script is null && task.Script is null && task.Code is null && !IsScriptDoubtful(task))
        {
            _mistakes.Report(
                task,
                "script",
                "",
                $"it has neither a script nor 'code': there is no file '{_codeFolder}/{task.Name}'.",
                "Name its script with 'script:', or the files it runs with 'code:'.");
        }

        var inputs = task.Inputs.Distinct().Order().Select(input => _inputs.Resolve(task, input)).ToImmutableArray();
        return new ResolvedTask
        {
            Task = task,
            Index = index,
            Script = script,
            Code = task.Code is { } code ? Declared(task, "code", code, !task.Params.IsEmpty) : sets.Shared,
            EnvironmentFiles = task.EnvironmentFiles is { } files ? Declared(task, "environment_files", files, !task.Params.IsEmpty) : sets.Environment,
            Inputs = inputs,
            Upstream = UpstreamOf(inputs.SelectMany(input => input.Producers)),
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
                _mistakes.Report(
                    task, "script", "", $"its script '{path}' {RevisionFile.WhyUnreadable(file)}.", "Commit it, or correct 'script:' (relative to the code folder).");
            }

            return file;
        }

        return RepoPath.Check(task.Name.Value, out var name) is null && _revision.Find(name.In(_codeFolder)) is { IsReadable: true } found
            ? found
            : null;
    }

    private bool IsScriptDoubtful(JobTask task) =>
        _mistakes.IsDoubtful(task.Name.Value, "script") || _mistakes.IsDoubtful(task.Name.Value, "code") || _mistakes.IsDoubtful(ManifestReading.Job, "code_dir");

    private FileSet Shared(HashSet<RepoPath> notShared, bool hasParams) => _manifest.Settings.Shared is { } patterns
        ? Declared(null, "shared", patterns, hasParams, notShared)
        : _declared.Default("shared", () => _revision.Below(_codeFolder).Where(file => !notShared.Contains(file.Path)));

    private FileSet Environment(bool hasParams) => _manifest.Settings.EnvironmentFiles is { } patterns
        ? Declared(null, "environment_files", patterns, hasParams)
        : _declared.Default("environment", () =>
        {
            var root = _revision.Files.Where(file => file.IsReadable && !file.Path.Value.Contains('/', StringComparison.Ordinal)).ToList();
            var names = EnvironmentFileNames.Among([.. root.Select(file => file.Path.Value)]).ToHashSet();
            return root.Where(file => names.Contains(file.Path.Value));
        });

    // A task with params has a params.yaml of its own.
    private FileSet Declared(
        JobTask? task, string field, ImmutableArray<string> patterns, bool hasParams, HashSet<RepoPath>? unwanted = null)
    {
        var (set, wrong) = _declared.Matching(
            $"{field} {hasParams}", patterns, file => unwanted?.Contains(file.Path) != true && !(hasParams && file.Path == ParamsPath));
        foreach (var (pattern, problem, advice) in wrong)
        {
            _mistakes.Report(task, field, pattern, $"the pattern '{pattern}' of '{field}' {problem}.", advice);
        }

        return set;
    }

    private void CheckFolders()
    {
        if (_declared.IsData(_codeFolder) && _revision.Below(_codeFolder).Any())
        {
            var field = _manifest.Settings.CodeFolder is null ? "data_dir" : "code_dir";
            _mistakes.Report(
                null, field, "", $"the code folder '{_codeFolder}' lies in the data folder.", "Keep code and data in two folders; 'data' is where tasks have their data.");
        }
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

        _mistakes.Report(task, "params", task.Params[0], $"it lists params, and 'params.yaml' {RevisionFile.WhyUnreadable(file)}.", "Add the file at the root of the repository.");
        return null;
    }

    private ImmutableArray<RepoPath> CheckData()
    {
        var data = _manifest.Settings.DataFolder;
        var files = _revision.Below(data).ToLookup(file => _graph.IsOutput(file.Path.RelativeTo(data)));
        if (!_mistakes.IsDoubtful(ManifestReading.Job, "data_dir"))
        {
            new SourceClashes(_manifest, _graph, _mistakes).Check(files[false]);
        }

        return [.. files[true].Select(file => file.Path)];
    }

    // An output that clashes proves no circle: it depends on which of its producers is meant.
    private void CheckCycles(
        List<ResolvedTask> tasks, List<ImmutableArray<int>> upstream, List<ImmutableArray<int>> downstream, ImmutableArray<int> order)
    {
        if (_clashing.Count > 0)
        {
            var certain = new JobGraph([.. _manifest.Tasks.Select(task => task with { Outputs = task.Outputs.RemoveAll(_clashing.Contains) })]);
            upstream = [.. tasks.Select(task => UpstreamOf(task.Inputs.SelectMany(input => certain.ProducersOf(input.Declared))))];
            downstream = Downstream(upstream);
            order = TopologicalOrder.Of(upstream, downstream);
        }

        foreach (var cycle in TopologicalOrder.FindCycles(upstream, downstream, order).Take(MaxCycles))
        {
            ReportCycle(cycle, tasks);
        }
    }

    private static ImmutableArray<int> UpstreamOf(IEnumerable<int> producers) => [.. producers.Distinct().Order()];

    private void ReportCycle(IReadOnlyList<int> cycle, List<ResolvedTask> tasks)
    {
        // Spelled out in the direction of the data: each task's output is an input of the next.
        var names = cycle.Reverse().Select(index => _manifest.Tasks[index].Name.Value).ToList();
        var shown = names.Count > 12 ? [.. names[..6], $"… {names.Count - 11} more …", .. names[^5..]] : names;
        var first = tasks[cycle[^1]];
        _mistakes.Report(
            first.Task,
            "inputs",
            first.Inputs.First(input => input.Producers.Contains(cycle[0])).Declared.ToString(),
            $"it depends on itself in a circle of {names.Count}: {string.Join(" -> ", shown)} -> {names[0]}.",
            "Take one of these inputs away.");
    }
}
