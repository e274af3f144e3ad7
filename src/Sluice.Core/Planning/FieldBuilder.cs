using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Planning;

/// <summary>Writes down what decides a task's bytes (contract, "The fingerprint"), for the tasks of one job at one revision. Safe for use by many at once.</summary>
/// <param name="dataFolder">The job's folder of data.</param>
/// <param name="contents">The contents of its files by git's blob id.</param>
/// <param name="parameters">The values of <c>params.yaml</c> by dotted key, as YAML.</param>
/// <param name="environment">What the engine says of where tasks run.</param>
/// <param name="usesImages">Whether they run in images.</param>
public sealed class FieldBuilder(
    RepoPath dataFolder,
    IReadOnlyDictionary<string, BlobInfo> contents,
    IReadOnlyDictionary<string, string> parameters,
    string environment,
    bool usesImages)
{
    /// <summary>The value of an input below a folder output whose producer did not write it.</summary>
    private const string Missing = "missing";

    private readonly ConcurrentDictionary<FileSet, FileListing> _listings = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<ResolvedInput, InputFolder> _folders = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<Digest, string> _texts = new();
    private IReadOnlyDictionary<string, Digest> _images = ImmutableDictionary<string, Digest>.Empty;

    /// <summary>The texts of all listings that the fields so far refer to; they belong into the store beside the results.</summary>
    public IReadOnlyDictionary<Digest, string> Listings => _texts;

    /// <summary>The same with the digests of images, by the image as it is written; shares what was put together so far.</summary>
    public FieldBuilder With(IReadOnlyDictionary<string, Digest> images)
    {
        var builder = (FieldBuilder)MemberwiseClone();
        builder._images = images;
        return builder;
    }

    /// <summary>What the fields of a task say of its image; null where that does not count.</summary>
    public FingerprintField? ImageOf(JobTask task) => usesImages ? TaskImage.FieldOf(task, _images) : null;

    /// <summary>The fields of a task in canonical order.</summary>
    /// <param name="task">The task.</param>
    /// <param name="outputsOf">The outputs of an upstream task, or null where they are not known yet; its inputs are then left out.</param>
    /// <param name="run">Variables that only a task that is not cacheable sees; they make its fingerprint the run's own.</param>
    public ImmutableArray<FingerprintField> FieldsOf(
        ResolvedTask task, Func<int, ImmutableArray<StoredFile>?> outputsOf, IReadOnlyDictionary<string, string> run)
    {
        var declared = task.Task;
        var fields = ImmutableArray.CreateBuilder<FingerprintField>(8 + task.Inputs.Length + declared.Outputs.Length);
        fields.Add(new(FieldKind.Command, "", CommandText(declared.Command)));
        if (task.Script is { } script)
        {
            fields.Add(new(FieldKind.Script, script.Path.Value, FileListing.ModeAndDigest(Stored(script, script.Path))));
        }

        AddListing(fields, FieldKind.Code, task.Code);
        AddListing(fields, FieldKind.EnvironmentFiles, task.EnvironmentFiles);
        var variables = declared.IsCacheable ? declared.Variables : declared.Variables.Concat(run);
        foreach (var (name, value) in variables.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            fields.Add(new(FieldKind.Variable, name, value));
        }

        foreach (var key in declared.Params.Order(StringComparer.Ordinal))
        {
            fields.Add(new(FieldKind.Param, key, parameters[key]));
        }

        foreach (var input in task.Inputs)
        {
            if (InputText(input, outputsOf) is { } text)
            {
                fields.Add(new(FieldKind.Input, input.Declared.ToString(), text));
            }
        }

        foreach (var output in declared.Outputs.Select(output => output.ToString()).Order(StringComparer.Ordinal))
        {
            fields.Add(new(FieldKind.Output, output, ""));
        }

        if (ImageOf(declared) is { } image)
        {
            fields.Add(image);
        }

        // A process of this machine has the network anyway.
        if (usesImages && declared.UsesNetwork)
        {
            fields.Add(new(FieldKind.Network, "", "true"));
        }

        fields.Add(new(FieldKind.Platform, "", environment));
        return fields.DrainToImmutable();
    }

    /// <summary>What is wrong with the inputs that fields name, for a person; null where all are there.</summary>
    public static string? FindMissing(ImmutableArray<FingerprintField> fields) =>
        fields.FirstOrDefault(field => field is { Kind: FieldKind.Input, Value: Missing }) is { } missing
            ? $"its input '{missing.Subject}' is not there: the task that makes the folder around it did not write it"
            : null;

    /// <summary>The files of an input relative to the data folder, sources and outputs together; null where a producer is not done.</summary>
    public IReadOnlyList<StoredFile>? FilesOf(ResolvedInput input, Func<int, ImmutableArray<StoredFile>?> outputsOf) =>
        OutputsOf(input, outputsOf) is not { } outputs ? null
        : input.Declared.IsFolder ? FolderOf(input, outputs).Files
        : Collect(input, outputs);

    private static List<ImmutableArray<StoredFile>>? OutputsOf(ResolvedInput input, Func<int, ImmutableArray<StoredFile>?> outputsOf)
    {
        var all = new List<ImmutableArray<StoredFile>>(input.Producers.Length);
        foreach (var producer in input.Producers)
        {
            if (outputsOf(producer) is not { } outputs)
            {
                return null;
            }

            all.Add(outputs);
        }

        return all;
    }

    // A folder that thousands of tasks read is put together once for all of them, as long as what its producers made is the same.
    private InputFolder FolderOf(ResolvedInput input, List<ImmutableArray<StoredFile>> outputs)
    {
        if (_folders.TryGetValue(input, out var known) && known.Outputs.SequenceEqual(outputs))
        {
            return known;
        }

        var files = Collect(input, outputs);
        return _folders[input] = new InputFolder(outputs, files, "tree " + Keep(FileListing.Of(files)).Digest);
    }

    private List<StoredFile> Collect(ResolvedInput input, List<ImmutableArray<StoredFile>> outputs) =>
    [
        .. input.Sources.Select(source => Stored(source, source.Path.RelativeTo(dataFolder))),
        .. outputs.SelectMany(made => made).Where(file => input.Declared.Covers(file.Path)),
    ];

    /// <summary>A file of the revision under another path.</summary>
    public StoredFile Stored(RevisionFile file, RepoPath path) => new(path, contents[file.BlobId], file.IsExecutable);

    private static string CommandText(TaskCommand command) =>
        command.IsShell ? "sh " + command.Words[0] : "exec " + JsonSerializer.Serialize(command.Words, FieldJson.Default.ImmutableArrayString);

    private string? InputText(ResolvedInput input, Func<int, ImmutableArray<StoredFile>?> outputsOf) =>
        OutputsOf(input, outputsOf) is not { } outputs ? null
        : input.Declared.IsFolder ? FolderOf(input, outputs).Text
        : Collect(input, outputs) is [var file] ? FileListing.ModeAndDigest(file) : Missing;

    private void AddListing(ImmutableArray<FingerprintField>.Builder fields, FieldKind kind, FileSet set)
    {
        if (set.Files.IsEmpty)
        {
            return;
        }

        var listing = _listings.GetOrAdd(set, it => Keep(FileListing.Of(it.Files.Select(file => Stored(file, file.Path)))));
        fields.Add(new(kind, "", "tree " + listing.Digest));
    }

    private FileListing Keep(FileListing listing)
    {
        _texts[listing.Digest] = listing.Text;
        return listing;
    }

    // ImmutableArray compares by reference: outputs that were read anew are others, and the folder is put together again.
    private sealed record InputFolder(IReadOnlyList<ImmutableArray<StoredFile>> Outputs, IReadOnlyList<StoredFile> Files, string Text);
}
