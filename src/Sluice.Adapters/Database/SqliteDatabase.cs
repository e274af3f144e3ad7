using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Core;

namespace Sluice.Adapters.Database;

/// <summary>
/// The SQLite file of a state folder: write-ahead log, one writer at a time, readers beside it. Opened once; the numbered scripts run only where
/// <c>user_version</c> says that some are missing, since DbUp alone takes longer than a cold plan.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly string _connectionString;
    private readonly ConcurrentQueue<PendingWrite> _pending = [];
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly SqliteConnection _writeConnection;
    private bool _isFull;

    /// <summary>Opens the file, making or upgrading it where needed.</summary>
    /// <exception cref="SluiceException">It is damaged, newer than this release, or cannot be used.</exception>
    public SqliteDatabase(string path)
    {
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString();
        _writeConnection = new SqliteConnection(_connectionString);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            _writeConnection.Open();
            _writeConnection.Run("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000;");
            Upgrade();
        }
        catch (SqliteException exception) when (DatabaseFault.Of(path, exception) is { } fault)
        {
            Dispose();
            throw fault;
        }
        catch (SluiceException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads on a connection of its own.</summary>
    /// <exception cref="SluiceException">The file is damaged or cannot be used.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);
            return await read(connection);
        }
        catch (SqliteException exception) when (DatabaseFault.Of(Path, exception) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>
    /// Writes, in one transaction with whatever else waits for the writer; returns when that is committed. A write that fails fails alone.
    /// </summary>
    /// <param name="write">What to write; repeatable.</param>
    /// <param name="isDurable">Whether it has to survive a power failure when this returns, not only a crash of the service.</param>
    /// <param name="cancellationToken">Before the write is queued only.</param>
    /// <exception cref="SluiceException">The file is damaged or cannot be used.</exception>
    public async Task WriteAsync(Action<SqliteConnection, SqliteTransaction> write, bool isDurable, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var own = new PendingWrite(write, isDurable);
        _pending.Enqueue(own);
        await _writer.WaitAsync(CancellationToken.None);
        try
        {
            if (own.Batch is null)
            {
                await CommitPendingAsync();
            }

            if (own.IsAlone)
            {
                await own.Batch!;
            }
            else if (!own.Batch!.IsCompletedSuccessfully)
            {
                await Task.Run(() => Commit([own]), CancellationToken.None);
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writeConnection.Dispose();
        SqliteConnection.ClearPool(_writeConnection);
        _writer.Dispose();
    }

    private async Task CommitPendingAsync()
    {
        var writes = new List<PendingWrite>();
        while (_pending.TryDequeue(out var write))
        {
            writes.Add(write);
        }

        var batch = Task.Run(() => Commit(writes), CancellationToken.None);
        foreach (var write in writes)
        {
            (write.Batch, write.IsAlone) = (batch, writes.Count == 1);
        }

        // Not awaited itself: each writer asks for its outcome.
        await Task.WhenAny(batch);
    }

    private void Commit(List<PendingWrite> writes)
    {
        try
        {
            SetDurability(writes.Any(write => write.IsDurable));
            using var transaction = _writeConnection.BeginTransaction();
            foreach (var write in writes)
            {
                write.Write(_writeConnection, transaction);
            }

            transaction.Commit();
        }
        catch (SqliteException exception) when (DatabaseFault.Of(Path, exception) is { } fault)
        {
            throw fault;
        }
    }

    // FULL syncs the whole log with each commit, so it also makes durable what NORMAL wrote before.
    private void SetDurability(bool isFull)
    {
        if (isFull != _isFull)
        {
            _writeConnection.Run(isFull ? "pragma synchronous = full" : "pragma synchronous = normal");
            _isFull = isFull;
        }
    }

    private void Upgrade()
    {
        var version = Convert.ToInt32(_writeConnection.Scalar("pragma user_version"), CultureInfo.InvariantCulture);
        if (version > Schema.Version)
        {
            throw DatabaseFault.Newer(Path);
        }

        if (version < Schema.Version)
        {
            Schema.Upgrade(Path, _connectionString);
            _writeConnection.Run(string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {Schema.Version}"));
        }
    }
}
