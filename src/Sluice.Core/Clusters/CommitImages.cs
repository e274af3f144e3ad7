using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Core.Clusters;

/// <summary>Which image runs for one without tag or digest: such an image is built per commit (contract, "Images").</summary>
public static class CommitImages
{
    /// <summary>The image with the commit's first seven digits as its tag, where it has neither tag nor digest.</summary>
    public static string NameOf(string image, CommitId commit)
    {
        var last = image[(image.LastIndexOf('/') + 1)..];
        return image.Length == 0 || last.Contains(':', StringComparison.Ordinal) || last.Contains('@', StringComparison.Ordinal)
            ? image
            : $"{image}:{commit.Short}";
    }

    /// <summary>What runs for each image of a job, by the image as it is written.</summary>
    public static IReadOnlyDictionary<string, string> Of(ResolvedJob job, CommitId commit) => job.Tasks
        .Select(task => task.Task.Image)
        .OfType<string>()
        .Distinct()
        .ToDictionary(image => image, image => NameOf(image, commit));
}
