using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Core.Results;

namespace Sluice.Adapters.Git;

/// <summary>A Git LFS pointer file (git-lfs specification, "The Pointer").</summary>
internal static partial class LfsPointer
{
    /// <summary>A larger file is no pointer.</summary>
    public const int MaxBytes = 1024;

    /// <summary>The content that the file stands for, or null when it is an ordinary file.</summary>
    public static BlobInfo? TryParse(ReadOnlySpan<byte> file)
    {
        if (file.Length is 0 or > MaxBytes)
        {
            return null;
        }

        var match = Pointer().Match(Encoding.Latin1.GetString(file));
        return match.Success && long.TryParse(match.Groups["size"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? new BlobInfo(Digest.Parse(match.Groups["oid"].Value), size)
            : null;
    }

    [GeneratedRegex(@"\Aversion https://git-lfs\.github\.com/spec/v1\n(ext-[0-9]-[^\n]+\n)*oid sha256:(?<oid>[0-9a-f]{64})\nsize (?<size>[0-9]{1,18})\n\z")]
    private static partial Regex Pointer();
}
