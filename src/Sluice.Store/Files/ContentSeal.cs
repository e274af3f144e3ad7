using System.Security.Cryptography;
using Sluice.Core.Results;

namespace Sluice.Store.Files;

/// <summary>
/// The fraction of a second in a content's time of modification follows from its digest. Whoever writes to the file, for example through the copy
/// under a commit, breaks that: a cheap alarm, at which the content is read.
/// </summary>
internal static class ContentSeal
{
    /// <summary>A time within the same second that fits the digest.</summary>
    public static DateTime Seal(DateTime time, Digest digest) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond) + FractionOf(digest), DateTimeKind.Utc);

    /// <summary>Whether a file is there and holds the content: by its size and seal or, where that is broken, by its bytes; then it is sealed anew.</summary>
    public static bool Holds(FileInfo file, BlobInfo content)
    {
        if (!file.Exists || file.Length != content.Size)
        {
            return false;
        }

        if (file.LastWriteTimeUtc.Ticks % TimeSpan.TicksPerSecond == FractionOf(content.Digest))
        {
            return true;
        }

        using var stream = file.OpenRead();
        if (Digest.FromHash(SHA256.HashData(stream)) != content.Digest)
        {
            return false;
        }

        file.LastWriteTimeUtc = Seal(file.LastWriteTimeUtc, content.Digest);
        return true;
    }

    private static long FractionOf(Digest digest) => Convert.ToInt64(digest.Hex[..8], 16) % TimeSpan.TicksPerSecond;
}
