using System.Globalization;
using System.Reflection;
using Dapper;
using DbUp;
using DbUp.Engine.Output;
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
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly SqliteConnection _writeConnection;

    /// <summary>Opens the file, making or upgrading it where needed.</summary>
    /// <exception cref="SluiceException">It is damaged, or newer than this release.</exception>
    public SqliteDatabase(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString();
        _writeConnection = new SqliteConnection(_connectionString);
        try
        {
            _writeConnection.Open();
            _writeConnection.Execute("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 30000;");
            Upgrade(path);
        }
        catch (SqliteException exception)
        {
            _writeConnection.Dispose();
            throw new SluiceException(
                FaultKind.Conflict,
                "database-damaged",
                $"The database {path} cannot be read ({exception.Message.TrimEnd('.')}). Move it away and run `sluice reindex`: results are not lost.",
                exception);
        }
    }

    /// <summary>Reads on a connection of its own.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return await read(connection);
    }

    /// <summary>Writes in one transaction; one writer at a time.</summary>
    /// <param name="write">What to write.</param>
    /// <param name="isDurable">Whether it has to survive a power failure when this returns, not only a crash of the service.</param>
    /// <param name="cancellationToken">Before the transaction only.</param>
    public async Task WriteAsync(Action<SqliteConnection, SqliteTransaction> write, bool isDurable, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(
                () =>
                {
                    _writeConnection.Execute(isDurable ? "pragma synchronous = full" : "pragma synchronous = normal");
                    using var transaction = _writeConnection.BeginTransaction();
                    write(_writeConnection, transaction);
                    transaction.Commit();
                },
                CancellationToken.None);
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
        _writer.Dispose();
    }

    private void Upgrade(string path)
    {
        var scripts = typeof(SqliteDatabase).Assembly.GetManifestResourceNames().Count(name => name.EndsWith(".sql", StringComparison.Ordinal));
        var version = _writeConnection.ExecuteScalar<int>("pragma user_version");
        if (version == scripts)
        {
            return;
        }

        if (version > scripts)
        {
            throw new SluiceException(
                FaultKind.Conflict, "newer-database", $"The database {path} was written by a newer release; use that one.");
        }

        var result = DeployChanges.To
            .SqliteDatabase(_connectionString)
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly())
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new SluiceException(
                FaultKind.Conflict, "database-damaged", $"The database {path} could not be upgraded: {result.Error.Message}", result.Error);
        }

        _writeConnection.Execute(string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {scripts}"));
    }
}
