using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Adapters.Git;

/// <summary>Reads the header of a commit object, as <c>git cat-file commit</c> gives it.</summary>
internal static partial class CommitHeader
{
    private static readonly TimeSpan MaxOffset = TimeSpan.FromHours(14);

    /// <summary>When it was committed, in the committer's offset; null when it is no commit.</summary>
    /// <remarks>git takes any number for either; what .NET cannot say becomes the nearest it can.</remarks>
    public static DateTimeOffset? ParseDate(ReadOnlySpan<byte> commit)
    {
        var end = commit.IndexOf("\n\n"u8);
        var header = Encoding.Latin1.GetString(end < 0 ? commit : commit[..end]);
        if (!Tree().IsMatch(header))
        {
            return null;
        }

        var committer = Committer().Match(header);
        return committer.Success ? DateOf(committer.Groups["time"].Value, committer.Groups["offset"].Value) : DateTimeOffset.UnixEpoch;
    }

    private static DateTimeOffset DateOf(string time, string offset)
    {
        // Of more than 18 digits only the sign counts.
        var seconds = long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : time[0] == '-' ? long.MinValue : long.MaxValue;
        var hoursAndMinutes = int.Parse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var wanted = new TimeSpan(hoursAndMinutes / 100, hoursAndMinutes % 100, 0);
        var kept = wanted > MaxOffset ? MaxOffset : wanted < -MaxOffset ? -MaxOffset : wanted;
        var earliest = (DateTimeOffset.MinValue + MaxOffset).ToUnixTimeSeconds();
        var latest = (DateTimeOffset.MaxValue - MaxOffset).ToUnixTimeSeconds();
        return DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, earliest, latest)).ToOffset(kept);
    }

    [GeneratedRegex(@"\Atree (?<id>[0-9a-f]+)$", RegexOptions.Multiline)]
    private static partial Regex Tree();

    [GeneratedRegex(@"^committer .*> (?<time>-?[0-9]+) (?<offset>[+-][0-9]{1,9})$", RegexOptions.Multiline)]
    private static partial Regex Committer();
}
