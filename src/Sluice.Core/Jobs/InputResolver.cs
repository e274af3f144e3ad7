using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>Finds what a declared input stands for: files of the revision, and outputs of tasks.</summary>
internal sealed class InputResolver(ManifestReading reading, Revision revision, JobGraph graph, JobMistakes mistakes)
{
    private readonly RepoPath _data = reading.Manifest.Settings.DataFolder;

    // An output that could not be read may be the one: no input is missing for certain as long as there is any.
    private readonly bool _isAnybodysGuess =
        mistakes.IsDoubtful(ManifestReading.Job, "data_dir") || reading.Doubtful.Any(doubt => doubt.Field == "outputs");

    private readonly Dictionary<DataPath, ResolvedInput> _known = [];

    /// <summary>The input with its sources and producers; having neither is a mistake. One object for all tasks that declare the same.</summary>
    public ResolvedInput Resolve(JobTask task, DataPath input)
    {
        if (_known.TryGetValue(input, out var known))
        {
            return known;
        }

        var (resolved, isRight) = Look(task, input);
        if (isRight)
        {
            _known.Add(input, resolved);
        }

        return resolved;
    }

    private (ResolvedInput Input, bool IsRight) Look(JobTask task, DataPath input)
    {
        var path = input.Path.In(_data);
        var found = input.IsFolder ? revision.Below(path) : revision.Find(path) is { } file ? [file] : [];
        var sources = found.Where(file => !graph.IsOutput(file.Path.RelativeTo(_data))).ToImmutableArray();
        var producers = graph.ProducersOf(input);
        foreach (var source in sources.Where(file => !file.IsReadable))
        {
            mistakes.Report(
                task, "inputs", input.ToString(), $"its input '{source.Path}' {RevisionFile.WhyUnreadable(source)}.", "Commit a regular file.");
        }

        var isMissing = sources.IsEmpty && producers.IsEmpty && !_isAnybodysGuess;
        if (isMissing)
        {
            mistakes.Report(
                task,
                "inputs",
                input.ToString(),
                $"nobody produces its input '{input}', and '{path}' is not in the repository.",
                AdviceFor(input, path));
        }

        ImmutableArray<RevisionFile> readable = [.. sources.Where(file => file.IsReadable)];
        return (new ResolvedInput(input, readable, producers), !isMissing && readable.Length == sources.Length);
    }

    private string AdviceFor(DataPath input, RepoPath path)
    {
        if (revision.Find(RepoPath.Trusted(path.Value + ".ref")) is not null)
        {
            return "Files data/<x>.ref are reserved for a later release; commit the data itself.";
        }

        var isOther = (input.IsFolder ? revision.Find(path) is not null : revision.Below(path).Any())
            || !graph.ProducersOf(input with { IsFolder = !input.IsFolder }).IsEmpty;
        return !isOther ? "Commit the file, or name the output of another task."
            : input.IsFolder ? "It is a file: leave out the final '/'."
            : "It is a folder: add a final '/'.";
    }
}
