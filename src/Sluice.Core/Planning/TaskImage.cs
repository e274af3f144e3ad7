using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Planning;

/// <summary>An image as a job writes it, and what that means (contract, "Images").</summary>
/// <param name="Name">Without tag and digest.</param>
/// <param name="Tag">What follows the colon; null where there is none.</param>
/// <param name="Digest">What follows the at sign; null where there is none.</param>
public sealed record TaskImage(string Name, string? Tag, string? Digest)
{
    /// <summary>The value of an image that counts and was not looked up: no result has it, since nothing is planned with it.</summary>
    private const string NotLookedUp = "unknown";

    /// <summary>Takes a text apart; whether it is a good name is for the registry to say.</summary>
    public static TaskImage Parse(string text)
    {
        var (rest, digest) = text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);
        var colon = rest.LastIndexOf(':');
        return colon > rest.LastIndexOf('/')
            ? new TaskImage(rest[..colon], rest[(colon + 1)..], digest)
            : new TaskImage(rest, null, digest);
    }

    /// <summary>What has to be looked up before a task can be planned; null where nothing has.</summary>
    public static string? LookupOf(JobTask task, CommitId commit) =>
        task.Image is { } image && Parse(image) is { Digest: null } parsed && parsed.Counts(task) ? parsed.TaggedFor(commit) : null;

    /// <summary>What was built for the commit, where a task runs in that and its name counts alone; null elsewhere.</summary>
    public static string? BuiltOf(JobTask task, CommitId commit) =>
        task.Image is { } image && Parse(image) is { Tag: null, Digest: null } parsed && !parsed.Counts(task) ? parsed.TaggedFor(commit) : null;

    /// <summary>What runs: by its digest, where it has one.</summary>
    /// <param name="image">The image as it is written.</param>
    /// <param name="commit">An image without tag and digest was built for the commit, and has the first seven of its digits as its tag.</param>
    /// <param name="digests">What was looked up, by the image as it is written.</param>
    public static string RunsAs(string image, CommitId commit, IReadOnlyDictionary<string, Digest> digests)
    {
        var parsed = Parse(image);
        return parsed.DigestAmong(digests, image) is { } digest ? $"{parsed.Name}@{digest}" : parsed.TaggedFor(commit);
    }

    /// <summary>What runs for each image of some tasks, by the image as it is written.</summary>
    public static IReadOnlyDictionary<string, string> AllOf(
        ResolvedJob job, IEnumerable<int> tasks, CommitId commit, IReadOnlyDictionary<string, Digest> digests) =>
        tasks.Select(index => job.Tasks[index].Task.Image).OfType<string>().Distinct().ToDictionary(image => image, image => RunsAs(image, commit, digests));

    /// <summary>What a fingerprint says of a task's image: its name as it is written, and its digest where that counts; null where it has none.</summary>
    public static FingerprintField? FieldOf(JobTask task, IReadOnlyDictionary<string, Digest> digests)
    {
        if (task.Image is not { } image)
        {
            return null;
        }

        var parsed = Parse(image);
        return new FingerprintField(
            FieldKind.Image,
            parsed.Tag is null ? parsed.Name : $"{parsed.Name}:{parsed.Tag}",
            parsed.Counts(task) ? parsed.DigestAmong(digests, image) ?? NotLookedUp : "");
    }

    private bool Counts(JobTask task) => task.TrackImage ?? (Tag ?? Digest) is not null;

    private string TaggedFor(CommitId commit) => $"{Name}:{Tag ?? commit.Short}";

    private string? DigestAmong(IReadOnlyDictionary<string, Digest> digests, string image) =>
        Digest ?? (digests.TryGetValue(image, out var digest) ? digest.ToString() : null);
}
