using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>What a host registers.</summary>
public static class FileStoreServices
{
    /// <summary>The store below a state folder, and what looks after it.</summary>
    public static (IStore Store, IStoreMaintenance Maintenance) Create(StateFolder state, FileStoreOptions options, TimeProvider time)
    {
        var store = new FileStore(state, options, time);
        return (store, new StoreMaintenance((job, _) => Task.FromResult(store.Open(job)), time));
    }
}
