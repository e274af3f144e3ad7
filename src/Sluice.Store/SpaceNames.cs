using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Store;

/// <summary>The names of things in the space of a job (contract, section 3), relative to the space.</summary>
internal static class SpaceNames
{
    public const string FormatVersion = "1";

    public const string Format = ".sluice/format";

    public const string Contents = ".sluice/cas/sha256";

    public const string Damaged = ".sluice/damaged";

    public const string Results = ".sluice/results";

    public const string Commits = ".sluice/commits";

    public const string Runs = ".sluice/runs";

    public const string Held = ".sluice/held";

    /// <summary>Where runs that go on elsewhere meet their pods.</summary>
    public const string Work = ".sluice/work";

    /// <summary>The last file of a publication: without it nothing is stored.</summary>
    public const string RunFile = "run.json";

    public static string Content(Digest digest) => $"{Contents}/{digest.Hex[..2]}/{digest.Hex}";

    public static string DamagedContent(Digest digest) => $"{Damaged}/{digest.Hex}";

    public static string Result(Fingerprint fingerprint) => $"{Results}/{fingerprint.Digest.Hex[..2]}/{fingerprint.Digest.Hex}.json";

    /// <summary>Where a result lies that differs from the first one of its fingerprint: its task is not deterministic.</summary>
    public static string DifferingResult(Fingerprint fingerprint, RunId run) =>
        $"{Results}/{fingerprint.Digest.Hex[..2]}/{fingerprint.Digest.Hex}.differs-{run}.json";

    public static string Records(CommitId commit) => $"{Commits}/{commit}";

    public static string Record(CommitId commit, int number) => $"{Commits}/{commit}/{number}.json";

    public static string Run(RunId run) => $"{Runs}/{run}.json";

    public static string HeldBy(RunId run) => $"{Held}/{run}";

    public static string WorkOf(RunId run) => $"{Work}/{run}";

    public static string WorkContent(RunId run, Digest digest) => $"{Work}/{run}/contents/{digest.Hex}";
}
