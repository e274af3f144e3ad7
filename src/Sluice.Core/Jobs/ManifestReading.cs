using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>What reading <c>dependencies.yaml</c> came to: the manifest as far as it could be read, and every mistake in it.</summary>
public sealed record ManifestReading
{
    /// <summary>The key of the settings of the whole job.</summary>
    public const string Job = "$job";

    /// <summary>The manifest; a task with a mistake is in it with what is right.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The mistakes, in no order.</summary>
    public ImmutableArray<Mistake> Mistakes { get; init; } = [];

    /// <summary>
    /// Fields that a mistake has a part in, each with the key of its task or <see cref="Job"/>: what they lack is no further mistake.
    /// </summary>
    public IReadOnlySet<(string Owner, string Field)> Doubtful { get; init; } = ImmutableHashSet<(string, string)>.Empty;

    /// <summary>Outputs that clash with another: who makes them is doubtful.</summary>
    public IReadOnlySet<DataPath> Clashing { get; init; } = ImmutableHashSet<DataPath>.Empty;

    /// <summary>
    /// Finds where a value stands, by the key of its task or <see cref="Job"/>, its field, and the text of the item where the
    /// field is a list, else nothing; null where that is not known, as of a manifest that was not read from its file.
    /// </summary>
    public Func<string, string, string, SourcePosition?> Place { get; init; } = (_, _, _) => null;

    /// <summary>The manifest, when it has no mistake.</summary>
    /// <exception cref="BrokenRepositoryException">It has some.</exception>
    public Manifest OrThrow() => Mistakes.IsEmpty ? Manifest : throw BrokenRepositoryException.Of(Mistakes);
}
