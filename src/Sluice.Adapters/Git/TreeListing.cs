using System.Collections.Immutable;
using System.Text;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Reads the output of <c>git ls-tree -r -z</c>: <c>mode type id TAB path NUL</c>.</summary>
internal static class TreeListing
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The files sorted by path, and what a person should know of those that are left out.</summary>
    public static (ImmutableArray<RevisionFile> Files, ImmutableArray<string> Warnings) Parse(ReadOnlySpan<byte> listing)
    {
        var files = new List<RevisionFile>();
        var (unusable, submodules) = (0, 0);
        foreach (var range in listing.Split((byte)0))
        {
            var entry = listing[range];
            if (entry.IsEmpty)
            {
                continue;
            }

            var tab = entry.IndexOf((byte)'\t');
            if (ReadPath(entry[(tab + 1)..]) is not { } path)
            {
                unusable++;
                continue;
            }

            var head = Encoding.ASCII.GetString(entry[..tab]).Split(' ');
            var kind = head[0] switch
            {
                "100755" => RevisionFileKind.Executable,
                "120000" => RevisionFileKind.Symlink,
                "160000" => RevisionFileKind.Submodule,
                _ => RevisionFileKind.Regular,
            };
            submodules += kind == RevisionFileKind.Submodule ? 1 : 0;
            files.Add(new RevisionFile(path, kind, head[2]));
        }

        // git writes no tree with one name twice, but nothing hinders others.
        var sorted = files.DistinctBy(file => file.Path).OrderBy(file => file.Path).ToImmutableArray();
        return (sorted, Warnings(unusable + files.Count - sorted.Length, submodules));
    }

    private static RepoPath? ReadPath(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return RepoPath.Check(Strict.GetString(bytes), out var path) is null ? path : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ImmutableArray<string> Warnings(int unusable, int submodules) =>
    [
        .. unusable > 0 ? [$"{unusable} file(s) of the repository have names that are not UTF-8, have control characters or backslashes, or come twice; they are ignored"] : Array.Empty<string>(),
        .. submodules > 0 ? [$"{submodules} submodule(s) of the repository are ignored"] : Array.Empty<string>(),
    ];
}
