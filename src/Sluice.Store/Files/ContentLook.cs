using System.Collections.Concurrent;
using Sluice.Core.Results;

namespace Sluice.Store.Files;

/// <summary>
/// One look at the contents: each of the 256 folders is asked once for its time, which changes when a file comes or goes; what was seen in a
/// folder that has not changed since is not looked at again.
/// </summary>
internal sealed class ContentLook(SpaceFolder space, ConcurrentDictionary<string, ContentFolder> seen, Func<BlobInfo, bool> isThere) : IContentLook
{
    private readonly Dictionary<string, ContentFolder> _folders = [];

    /// <summary>Whether the content was there, with the right size, when its folder was looked at.</summary>
    public ValueTask<bool> IsThereAsync(BlobInfo content, CancellationToken cancellationToken) => ValueTask.FromResult(IsThere(content));

    private bool IsThere(BlobInfo content)
    {
        var folder = FolderOf(content.Digest.Hex[..2]);
        if (folder.Seen.ContainsKey(content))
        {
            return true;
        }

        if (!isThere(content))
        {
            return false;
        }

        folder.Seen[content] = true;
        return true;
    }

    private ContentFolder FolderOf(string name)
    {
        if (!_folders.TryGetValue(name, out var folder))
        {
            var changed = Directory.GetLastWriteTimeUtc(Path.Combine(space.Contents, name));
            folder = seen.TryGetValue(name, out var known) && known.Changed == changed
                ? known
                : seen[name] = new ContentFolder(changed, new ConcurrentDictionary<BlobInfo, bool>());
            _folders.Add(name, folder);
        }

        return folder;
    }
}

/// <summary>What was seen in one folder of contents.</summary>
/// <param name="Changed">The folder's time then.</param>
/// <param name="Seen">The contents that were there.</param>
internal sealed record ContentFolder(DateTime Changed, ConcurrentDictionary<BlobInfo, bool> Seen);
