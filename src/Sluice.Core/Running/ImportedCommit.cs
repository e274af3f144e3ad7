using System.Collections.Immutable;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>A commit of the original service as a baseline.</summary>
/// <param name="Record">What it would have recorded.</param>
/// <param name="Results">The results behind that, dependencies first; none is in the store yet, but their contents are.</param>
/// <param name="Listings">The texts of the listings that the results' fields refer to.</param>
public sealed record ImportedCommit(CommitRecord Record, ImmutableArray<TaskResult> Results, IReadOnlyDictionary<Digest, string> Listings);
