using System.Text.Json.Serialization;
using Sluice.Core.Jobs;

namespace Sluice.Core.Results;

/// <summary>One task of a commit record, files included: it must not change when <c>force</c> replaces the result.</summary>
public sealed record RecordedTask
{
    /// <summary>Its name in this commit.</summary>
    public required TaskName Name { get; init; }

    /// <summary>What decided its bytes; the fields are kept with the result.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>What was made.</summary>
    public required ResultFiles Files { get; init; }

    /// <summary>Who made it.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>What a run that reuses it needs from the store: the result and its contents.</summary>
    [JsonIgnore]
    public IEnumerable<Digest> Needed => Files.Contents.Select(content => content.Digest).Prepend(Fingerprint.Digest);

    /// <summary>A result under the name that its task has in this commit.</summary>
    public static RecordedTask Of(TaskName name, TaskResult result) => new()
    {
        Name = name,
        Fingerprint = result.Fingerprint,
        Files = result.Files,
        Provenance = result.Provenance,
    };
}
