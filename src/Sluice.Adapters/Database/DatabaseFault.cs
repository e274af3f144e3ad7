using Microsoft.Data.Sqlite;
using Sluice.Core;

namespace Sluice.Adapters.Database;

/// <summary>What SQLite's errors mean to a person.</summary>
internal static class DatabaseFault
{
    private const int PermissionDenied = 3, Busy = 5, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>The error to report, or null where the statement is at fault and not the file.</summary>
    public static SluiceException? Of(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => Damaged(path, exception),
        Full => new SluiceException(
            FaultKind.Unavailable, "disk-full", $"There is no space left to write the database {path}; free some and try again.", exception),
        PermissionDenied or Busy or ReadOnly or InputOutput or CannotOpen => new SluiceException(
            FaultKind.Unavailable,
            "database-unavailable",
            $"The database {path} cannot be used ({exception.Message.TrimEnd('.')}); check its owner, its permissions and its disk.",
            exception),
        _ => null,
    };

    /// <summary>It holds what nobody wrote.</summary>
    public static SluiceException Damaged(string path, Exception exception) => new(
        FaultKind.Conflict,
        "database-damaged",
        $"The database {path} is damaged ({exception.Message.TrimEnd('.')}). Move it away and run `sluice reindex`: results are not lost.",
        exception);

    /// <summary>Another release wrote it.</summary>
    public static SluiceException Newer(string path) => new(
        FaultKind.Conflict,
        "newer-database",
        $"The database {path} was written by a newer release. Use that one, or move the file away and run `sluice reindex`.");
}
