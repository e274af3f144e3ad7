using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>Where things are in the space of a job (contract, section 3).</summary>
internal sealed record SpaceLayout(string Root)
{
    public const string FormatVersion = "1";

    public string Own => Path.Combine(Root, ".sluice");

    public string Format => Path.Combine(Own, "format");

    public string Contents => Path.Combine(Own, "cas", "sha256");

    public string Damaged => Path.Combine(Own, "damaged");

    public string Results => Path.Combine(Own, "results");

    public string Commits => Path.Combine(Own, "commits");

    public string Runs => Path.Combine(Own, "runs");

    public string Held => Path.Combine(Own, "held");

    public string HoldsLock => Path.Combine(Own, "holds.lock");

    public string GcLock => Path.Combine(Own, "gc.lock");

    public string Temporary => Path.Combine(Own, "tmp");

    public string Content(Digest digest) => Path.Combine(Contents, digest.Hex[..2], digest.Hex);

    public string Result(Fingerprint fingerprint) =>
        Path.Combine(Results, fingerprint.Digest.Hex[..2], fingerprint.Digest.Hex + ".json");

    public string Records(CommitId commit) => Path.Combine(Commits, commit.Value);

    public string Run(RunId run) => Path.Combine(Runs, run.Value + ".json");

    public string HeldBy(RunId run) => Path.Combine(Held, run.Value);

    public string Copy(CommitId commit) => Path.Combine(Root, commit.Value);

    /// <summary>A name that nobody else uses, on the same file system.</summary>
    public string NewTemporary() => Path.Combine(Temporary, Path.GetRandomFileName());
}
