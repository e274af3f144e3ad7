namespace Sluice.Core.Results;

/// <summary>What a verification found.</summary>
/// <param name="Checked">Contents that were read.</param>
/// <param name="Bytes">How much that was.</param>
/// <param name="Damaged">Contents that were not what their digest says; they are out of the store now.</param>
/// <param name="Affected">Results that lost a content, damaged or missing: <c>task (fingerprint)</c>. Their tasks run again when needed.</param>
/// <param name="Lost">Stored commits that lost a content: <c>commit (digest)</c>. The next run of the commit brings it back.</param>
/// <param name="Mended">Files of copies under commits that were not what they should be: <c>commit/path</c>.</param>
/// <param name="Unreadable">Results and records that cannot be read, by their path.</param>
public sealed record VerifyReport(
    long Checked,
    long Bytes,
    IReadOnlyList<string> Damaged,
    IReadOnlyList<string> Affected,
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> Mended,
    IReadOnlyList<string> Unreadable)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => Damaged.Count + Affected.Count + Lost.Count + Mended.Count + Unreadable.Count == 0;
}
