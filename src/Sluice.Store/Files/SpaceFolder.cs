using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>The folder that is the space of a job.</summary>
internal sealed record SpaceFolder(string Root)
{
    private const string Own = ".sluice";

    public string HoldsLock => PathOf($"{Own}/holds.lock");

    public string GcLock => PathOf($"{Own}/gc.lock");

    public string Temporary => PathOf($"{Own}/tmp");

    public string Contents => PathOf(SpaceNames.Contents);

    public string PathOf(string name) => Path.Combine(Root, name);

    public string NameOf(string path) => Path.GetRelativePath(Root, path);

    public string Content(Digest digest) => PathOf(SpaceNames.Content(digest));

    public string HeldBy(RunId run) => PathOf(SpaceNames.HeldBy(run));

    public string Copy(CommitId commit) => PathOf(commit.Value);

    /// <summary>A name that nobody else uses, on the same file system.</summary>
    public string NewTemporary() => Path.Combine(Temporary, Path.GetRandomFileName());
}
