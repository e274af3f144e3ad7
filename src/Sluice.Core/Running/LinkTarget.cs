namespace Sluice.Core.Running;

/// <summary>Follows symbolic links that a task made, but only inside one folder.</summary>
internal static class LinkTarget
{
    /// <summary>As many links in a row as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>The real path behind a path, free of links; null where it leads out of the folder, nowhere, or in a circle.</summary>
    /// <param name="path">An absolute path inside the folder.</param>
    /// <param name="within">An absolute path, itself taken as it is.</param>
    /// <param name="seenAs">Where the task that made the links saw the folder.</param>
    public static string? Resolve(string path, string within, string seenAs)
    {
        var root = Path.GetFullPath(within);
        var parts = new Stack<string>();
        Push(Path.GetRelativePath(root, path));
        var (real, links) = (root, 0);
        while (parts.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real)!;
            }
            else if (new FileInfo(Path.Combine(real, part)).LinkTarget is not { } target)
            {
                real = Path.Combine(real, part);
            }
            else if (++links > MaxLinks)
            {
                return null;
            }
            else
            {
                // An absolute target starts over from the root, and must come back inside by its text alone.
                real = Path.IsPathRooted(target) ? root : real;
                Push(Path.IsPathRooted(target) ? Path.GetRelativePath(seenAs, target) : target);
            }

            if (real != root && !real.StartsWith(root + "/", StringComparison.Ordinal))
            {
                return null;
            }
        }

        return Path.Exists(real) ? real : null;

        void Push(string steps)
        {
            foreach (var step in steps.Split('/').Reverse().Where(step => step is not ("" or ".")))
            {
                parts.Push(step);
            }
        }
    }
}
