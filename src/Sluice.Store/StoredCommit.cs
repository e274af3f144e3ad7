using Sluice.Core.Revisions;

namespace Sluice.Store;

/// <summary>A commit that is stored.</summary>
/// <param name="Commit">Which.</param>
/// <param name="At">When its newest record was stored.</param>
/// <param name="Record">The name of that record.</param>
internal sealed record StoredCommit(CommitId Commit, DateTimeOffset At, string Record);
