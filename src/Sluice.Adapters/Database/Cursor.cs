using System.Globalization;
using System.Text;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>Where a list goes on: the list's letter and the last key that was given out, opaque to the caller.</summary>
internal static class Cursor
{
    private const int MaxLimit = 1000;

    private const int MaxLength = 256;

    /// <summary>The cursor after a job.</summary>
    public static string After(JobName name) => Write('j', name.Value);

    /// <summary>The cursor after a run.</summary>
    public static string After(RunId id) => Write('r', id.Value);

    /// <summary>The cursor after a task.</summary>
    public static string After(int index) => Write('t', index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The job to go on after; empty at the begin.</summary>
    /// <exception cref="SluiceException">It is none that the list gave out (BadRequest).</exception>
    public static string Job(string? cursor) => cursor is null ? ""
        : JobName.TryParse(Key('j', cursor), out var name) ? name.Value : throw Invalid();

    /// <summary>The run to go on before; above every id at the begin.</summary>
    /// <exception cref="SluiceException">It is none that the list gave out (BadRequest).</exception>
    public static string Run(string? cursor) => cursor is null ? "~"
        : RunId.TryParse(Key('r', cursor), out var id) ? id.Value : throw Invalid();

    /// <summary>The task to go on after; -1 at the begin.</summary>
    /// <exception cref="SluiceException">It is none that the list gave out (BadRequest).</exception>
    public static int Task(string? cursor) => cursor is null ? -1
        : int.TryParse(Key('t', cursor), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : throw Invalid();

    /// <summary>Checks how many are asked for, and gives one more: it tells whether the list goes on.</summary>
    /// <exception cref="SluiceException">It is out of range (BadRequest).</exception>
    public static int OneMore(int limit) => limit is >= 1 and <= MaxLimit
        ? limit + 1
        : throw new SluiceException(FaultKind.BadRequest, "invalid-limit", $"limit is {limit}; it can be 1 to {MaxLimit}.");

    private static string Write(char list, string key) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(list + key));

    private static string? Key(char list, string cursor)
    {
        if (cursor.Length > MaxLength || cursor.Length % 2 != 0 || !cursor.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Convert.FromHexString(cursor));
        return text.StartsWith(list) ? text[1..] : null;
    }

    private static SluiceException Invalid() =>
        new(FaultKind.BadRequest, "invalid-cursor", "cursor is not one that this list gave out; leave it out to begin anew.");
}
