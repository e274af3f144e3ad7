using Sluice.Adapters.Database;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Database;

namespace Sluice.Adapters.Tests.Database;

public sealed class SqliteRunStoreTests : RunStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IDisposable _database;

    public SqliteRunStoreTests() => (Store, _, _database) = DatabaseServices.Open(new StateFolder(_folder.Path));

    protected override IRunStore Store { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
