namespace Sluice.Core.Results;

/// <summary>What a verification found.</summary>
/// <param name="Checked">Contents that were read.</param>
/// <param name="Bytes">How much that was.</param>
/// <param name="Damaged">Contents that were not what their digest says; they are out of the store now.</param>
/// <param name="Affected">Results that lost a content, damaged or missing: <c>task (fingerprint)</c>. Their tasks run again when needed.</param>
public sealed record VerifyReport(long Checked, long Bytes, IReadOnlyList<string> Damaged, IReadOnlyList<string> Affected);
