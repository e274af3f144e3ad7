using Sluice.Core;

namespace Sluice.Adapters.Database;

/// <summary>Where a list goes on: the last key that was given out, opaque to the caller.</summary>
internal static class Cursor
{
    /// <summary>The cursor after a key.</summary>
    public static string After(string key) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(key));

    /// <summary>The key of a cursor; null where there is none.</summary>
    /// <exception cref="SluiceException">It is none that was given out (BadRequest).</exception>
    public static string? Key(string? cursor)
    {
        try
        {
            return cursor is null ? null : System.Text.Encoding.UTF8.GetString(Convert.FromHexString(cursor));
        }
        catch (FormatException exception)
        {
            throw Invalid(exception);
        }
    }

    /// <summary>The number of a cursor; -1 where there is none.</summary>
    /// <exception cref="SluiceException">It is none that was given out (BadRequest).</exception>
    public static int Number(string? cursor) => Key(cursor) is not { } key ? -1
        : int.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid(null);

    private static SluiceException Invalid(Exception? inner) =>
        new(FaultKind.BadRequest, "invalid-cursor", "cursor is not one that this list gave out; leave it out to begin anew.", inner);
}
