using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Core.Results;

/// <summary>What one succeeded run stored for a commit: all its files and who made each. Never changed.</summary>
public sealed record CommitRecord
{
    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The job.</summary>
    public required JobName Job { get; init; }

    /// <summary>The commit.</summary>
    public required CommitId Commit { get; init; }

    /// <summary>When it was committed, in the committer's offset.</summary>
    public required DateTimeOffset CommitDate { get; init; }

    /// <summary>The run that stored it.</summary>
    public required RunId Run { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>The content of <c>dependencies.yaml</c>.</summary>
    public required BlobInfo Manifest { get; init; }

    /// <summary>The scripts, by their path in the repository relative to the code folder.</summary>
    public ImmutableArray<StoredFile> Code { get; init; } = [];

    /// <summary>Every source input, sorted by path relative to the data folder.</summary>
    public ImmutableArray<StoredFile> Sources { get; init; } = [];

    /// <summary>Every task with what it produced, in the order of the file.</summary>
    public ImmutableArray<RecordedTask> Tasks { get; init; } = [];

    /// <summary>The digests of its images, as far as they are known, by the image as it is written.</summary>
    public ImmutableSortedDictionary<string, Digest> Images { get; init; } = ImmutableSortedDictionary<string, Digest>.Empty;

    /// <summary>Every content that the commit needs.</summary>
    [JsonIgnore]
    public IEnumerable<BlobInfo> Contents =>
        Code.Concat(Sources).Select(file => file.Content).Prepend(Manifest).Concat(Tasks.SelectMany(task => task.Files.Contents));
}
