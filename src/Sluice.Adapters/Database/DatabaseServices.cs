using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>What a host registers.</summary>
public static class DatabaseServices
{
    /// <summary>Opens the database of a state folder.</summary>
    /// <exception cref="Core.SluiceException">It is damaged, newer than this release, or cannot be used.</exception>
    public static (IRunStore Runs, IRevisionMemo Memo, IDisposable Handle) Open(StateFolder state, ILoggerFactory? loggers = null)
    {
        var database = new SqliteDatabase(state.DatabaseFile);
        var rows = new RowReader(database, (loggers ?? NullLoggerFactory.Instance).CreateLogger<RowReader>());
        return (new SqliteRunStore(database, rows), new SqliteRevisionMemo(database), database);
    }
}
