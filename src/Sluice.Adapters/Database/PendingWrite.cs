using Microsoft.Data.Sqlite;

namespace Sluice.Adapters.Database;

/// <summary>A write that waits for the writer, with others that came meanwhile.</summary>
/// <param name="write">What to write; repeatable, since a batch that fails is tried again one by one.</param>
/// <param name="isDurable">Whether it has to survive a power failure.</param>
internal sealed class PendingWrite(Action<SqliteConnection, SqliteTransaction> write, bool isDurable)
{
    /// <summary>What to write.</summary>
    public Action<SqliteConnection, SqliteTransaction> Write { get; } = write;

    /// <summary>Whether it has to survive a power failure.</summary>
    public bool IsDurable { get; } = isDurable;

    /// <summary>The transaction that it was part of; null before. Only the holder of the writer reads and sets it.</summary>
    public Task? Batch { get; set; }

    /// <summary>Whether it had its transaction to itself.</summary>
    public bool IsAlone { get; set; }
}
