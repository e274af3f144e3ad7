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
    /// <summary>Takes a text apart; whether it is a good name is for the registry to say.</summary>
    public static TaskImage Parse(string text)
    {
        var (rest, digest) = text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);
        var colon = rest.LastIndexOf(':');
        return colon > rest.LastIndexOf('/')
            ? new TaskImage(rest[..colon], rest[(colon + 1)..], digest)
            : new TaskImage(rest, null, digest);
    }

    /// <summary>What runs: an image without tag and digest was built for the commit, and has the first seven of its digits as its tag.</summary>
    public static string RunsAs(string image, CommitId commit) =>
        Parse(image) is { Tag: null, Digest: null } ? $"{image}:{commit.Short}" : image;

    /// <summary>What runs for each image of some tasks, by the image as it is written.</summary>
    public static IReadOnlyDictionary<string, string> AllOf(ResolvedJob job, IEnumerable<int> tasks, CommitId commit) =>
        tasks.Select(index => job.Tasks[index].Task.Image).OfType<string>().Distinct().ToDictionary(image => image, image => RunsAs(image, commit));

    /// <summary>What a fingerprint says of a task's image; null where it has none.</summary>
    public static FingerprintField? FieldOf(JobTask task)
    {
        if (task.Image is not { } image)
        {
            return null;
        }

        var parsed = Parse(image);
        return parsed.Digest is { } digest && task.TrackImage is not false
            ? new FingerprintField(FieldKind.Image, parsed.Name, digest)
            : new FingerprintField(FieldKind.Image, image, "");
    }

    /// <summary>What keeps a task from running in its image: problem and advice; null where nothing does.</summary>
    public static (string Problem, string Advice)? WrongWith(JobTask task) => task.Image switch
    {
        null => ("has no image, and this engine runs tasks in images.", "Write an image, or one for all tasks below $job.defaults."),
        { } image when Parse(image) is { Digest: null } parsed && (task.TrackImage ?? parsed.Tag is not null) =>
            ($"the digest of its image '{image}' counts, and this release does not look images up.", $"Write {parsed.Name}@sha256:…, or track_image: false to let the name alone count."),
        _ => null,
    };
}
