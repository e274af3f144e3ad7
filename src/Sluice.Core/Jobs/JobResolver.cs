using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>Binds a manifest to the files of a revision, and finds every mistake that only the files show.</summary>
public sealed class JobResolver
{
    private static readonly RepoPath ParamsPath = RepoPath.Trusted("params.yaml");

    private readonly Manifest _manifest;
    private readonly Revision _revision;
    private readonly RepoPath _codeFolder;
    private readonly JobGraph _graph;
    private readonly Dictionary<string, FileSet> _sets = [];
    private readonly List<Mistake> _mistakes = [];
    private readonly HashSet<string> _complaints = [];

    private JobResolver(JobName name, Manifest manifest, Revision revision)
    {
        (_manifest, _revision) = (manifest, revision);
        _codeFolder = manifest.Settings.CodeFolder ?? RepoPath.Trusted($"src/{name.Value}");
        _graph = new JobGraph(manifest.Tasks);
    }

    /// <summary>The graph of the job at that revision.</summary>
    /// <exception cref="BrokenRepositoryException">With every mistake.</exception>
    public static ResolvedJob Resolve(JobName name, Manifest manifest, RevisionFile manifestFile, Revision revision) =>
        new JobResolver(name, manifest, revision).Resolve(name, manifestFile);

    private ResolvedJob Resolve(JobName name, RevisionFile manifestFile)
    {
        var scripts = _manifest.Tasks.Select(ScriptOf).ToList();
        var notShared = scripts.OfType<RevisionFile>().Select(file => file.Path).ToHashSet();
        var tasks = new List<ResolvedTask>(_manifest.Tasks.Length);
        for (var index = 0; index < scripts.Count; index++)
        {
            tasks.Add(ResolveTask(_manifest.Tasks[index], index, scripts[index], notShared));
        }

        var downstream = Downstream(tasks);
        var order = TopologicalOrder.Of([.. tasks.Select(task => task.Upstream)], downstream);
        if (order.Length < tasks.Count)
        {
            ReportCycle(TopologicalOrder.FindCycle([.. tasks.Select(task => task.Upstream)], order));
        }

        var paramsFile = _manifest.Tasks.Any(task => !task.Params.IsEmpty) ? FindParams() : null;
        return _mistakes.Count > 0
            ? throw new BrokenRepositoryException([.. _mistakes])
            : new ResolvedJob
            {
                Name = name,
                Manifest = _manifest,
                ManifestFile = manifestFile,
                CodeFolder = _codeFolder,
                Tasks = [.. tasks.Select((task, index) => task with { Downstream = downstream[index] })],
                Order = order,
                ParamsFile = paramsFile,
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

    private ResolvedTask ResolveTask(JobTask task, int index, RevisionFile? script, HashSet<RepoPath> notShared)
    {
        if (script is null && task.Script is null && task.Code is null)
        {
            Report(
                task,
                $"Task '{task.Name}' has neither a script nor 'code': there is no file '{_codeFolder}/{task.Name}'.",
                "Name its script with 'script:', or the files it runs with 'code:'.");
        }

        var inputs = task.Inputs.Distinct().Order().Select(input => ResolveInput(task, input)).ToImmutableArray();
        return new ResolvedTask
        {
            Task = task,
            Index = index,
            Script = script,
            Code = task.Code is { } code
                ? Declared(task, code, "code", _ => true)
                : Shared(notShared),
            EnvironmentFiles = (task.EnvironmentFiles ?? _manifest.Settings.EnvironmentFiles) is { } files
                ? Declared(task.EnvironmentFiles is null ? null : task, files, "environment_files", _ => true)
                : DefaultEnvironment(),
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
            if (file is not { IsReadable: true })
            {
                Report(task, $"Task '{task.Name}': its script '{path}' {Absent(file)}.", "Commit it, or correct 'script:' (relative to the code folder).");
            }

            return file;
        }

        return RepoPath.Check(task.Name.Value, out var name) is null && _revision.Find(name.In(_codeFolder)) is { IsReadable: true } found
            ? found
            : null;
    }

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
            Report(task, $"Task '{task.Name}': its input '{source.Path}' {Absent(source)}.", "Commit a regular file.");
        }

        if (sources.IsEmpty && producers.IsEmpty)
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
            $"Task '{task.Name}': nobody produces its input '{input}', and '{path}' is not in the repository.",
            isReference ? "Files data/<x>.ref are reserved for a later release; commit the data itself."
            : isOther ? input.IsFolder ? "It is a file: leave out the final '/'." : "It is a folder: add a final '/'."
            : "Commit the file, or name the output of another task.");
    }

    private FileSet Shared(HashSet<RepoPath> notShared) => _manifest.Settings.Shared is { } globs
        ? Declared(null, globs, "shared", file => !notShared.Contains(file.Path))
        : Kept("shared", () => _revision.Below(_codeFolder).Where(file => file.IsReadable && !notShared.Contains(file.Path)));

    private FileSet DefaultEnvironment() => Kept("environment", () =>
    {
        var root = _revision.Files.Where(file => file.IsReadable && !file.Path.Value.Contains('/', StringComparison.Ordinal)).ToList();
        var names = EnvironmentFileNames.Among([.. root.Select(file => file.Path.Value)]).ToHashSet();
        return root.Where(file => names.Contains(file.Path.Value));
    });

    // One set for all tasks with the same globs, so that it is listed and digested once.
    private FileSet Declared(JobTask? task, ImmutableArray<string> globs, string field, Func<RevisionFile, bool> wanted) =>
        Kept($"{field}\n{string.Join('\n', globs)}", () =>
        {
            var files = new SortedDictionary<string, RevisionFile>(StringComparer.Ordinal);
            foreach (var pattern in globs)
            {
                var matches = Matches(pattern).ToList();
                if (matches.Count == 0)
                {
                    Report(
                        task,
                        $"{(task is null ? "$job" : $"Task '{task.Name}'")}: the pattern '{pattern}' of '{field}' matches no file.",
                        "Patterns are relative to the root of the repository; '*' stops at '/', '**' does not.");
                }

                foreach (var file in matches.Where(wanted))
                {
                    files[file.Path.Value] = file;
                }
            }

            return files.Values;
        });

    private IEnumerable<RevisionFile> Matches(string pattern)
    {
        if (Glob.Check(pattern, out var glob) is not null)
        {
            return [];
        }

        var among = glob!.Folder is { } folder ? _revision.Below(folder) : _revision.Files;
        return among.Where(file => file.IsReadable && glob.IsMatch(file.Path));
    }

    private FileSet Kept(string key, Func<IEnumerable<RevisionFile>> find)
    {
        if (!_sets.TryGetValue(key, out var set))
        {
            _sets.Add(key, set = new FileSet([.. find()]));
        }

        return set;
    }

    private RevisionFile? FindParams()
    {
        var file = _revision.Find(ParamsPath);
        if (file is not { IsReadable: true })
        {
            var task = _manifest.Tasks.First(task => !task.Params.IsEmpty);
            Report(task, $"Task '{task.Name}' lists params, and 'params.yaml' {Absent(file)}.", "Add the file at the root of the repository.");
        }

        return file;
    }

    private ImmutableArray<string> Warnings()
    {
        var data = _manifest.Settings.DataFolder;
        var committed = _revision.Below(data).Where(file => _graph.IsOutput(file.Path.RelativeTo(data))).Select(file => file.Path.Value).ToList();
        return committed.Count == 0
            ? []
            : [$"{committed[0]}{(committed.Count > 1 ? $" and {committed.Count - 1} more" : "")}: committed copies of outputs are not read, the tasks' own results are"];
    }

    private void ReportCycle(IReadOnlyList<int> cycle)
    {
        // Spelled out in the direction of the data: each task's output is an input of the next.
        var names = cycle.Reverse().Select(index => _manifest.Tasks[index].Name.Value).ToList();
        var shown = names.Count > 12 ? [.. names[..6], $"… {names.Count - 11} more …", .. names[^5..]] : names;
        Report(
            _manifest.Tasks[cycle[^1]],
            $"The tasks depend on each other in a circle of {names.Count}: {string.Join(" -> ", shown)} -> {names[0]}.",
            "Take one of these inputs away.");
    }

    private void Report(JobTask? task, string problem, string advice)
    {
        if (_complaints.Add(problem))
        {
            _mistakes.Add(new Mistake(Manifest.FileName, task?.Position.Line ?? 0, task?.Position.Column ?? 0, problem, advice));
        }
    }
}
