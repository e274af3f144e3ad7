using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>What a host registers.</summary>
public static class DatabaseServices
{
    /// <summary>Opens the database of a state folder.</summary>
    /// <exception cref="Core.SluiceException">It is damaged, or newer than this release.</exception>
    public static (IRunStore Runs, IRevisionMemo Memo, IDisposable Handle) Open(StateFolder state)
    {
        var database = new SqliteDatabase(state.DatabaseFile);
        return (new SqliteRunStore(database), new SqliteRevisionMemo(database), database);
    }
}
