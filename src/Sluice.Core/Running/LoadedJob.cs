using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>A job at one commit: all that planning reads from git. The same for every run of that commit.</summary>
public sealed record LoadedJob
{
    /// <summary>Where the commit comes from.</summary>
    public required IRepository Repository { get; init; }

    /// <summary>The commit with its files.</summary>
    public required Revision Revision { get; init; }

    /// <summary>The graph.</summary>
    public required ResolvedJob Job { get; init; }

    /// <summary>The contents of the files that count, by git's blob id.</summary>
    public required IReadOnlyDictionary<string, BlobInfo> Contents { get; init; }

    /// <summary>The values of <c>params.yaml</c> by dotted key, as YAML.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>What a person should know of the images that are built from it.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Writes the fields of its tasks.</summary>
    public required FieldBuilder Fields { get; init; }

    /// <summary>The digests of images that were looked up, by the image as it is written.</summary>
    public ImmutableSortedDictionary<string, Digest> Images { get; private init; } = ImmutableSortedDictionary<string, Digest>.Empty;

    /// <summary>The fields that were written down before.</summary>
    public FieldCache KnownFields { get; } = new();

    /// <summary>The same with the digests of images, which are a plan's and not a commit's.</summary>
    public LoadedJob With(ImmutableSortedDictionary<string, Digest> images) => this with { Images = images, Fields = Fields.With(images) };
}
