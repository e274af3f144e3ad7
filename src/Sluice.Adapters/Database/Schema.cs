using DbUp;
using DbUp.Engine.Output;
using Microsoft.Data.Sqlite;

namespace Sluice.Adapters.Database;

/// <summary>Brings a database to this release's form with the numbered scripts. A class of its own, so that DbUp is loaded only when it has work.</summary>
internal static class Schema
{
    /// <summary>The form of this release: the number of the last script.</summary>
    public static int Version { get; } =
        typeof(Schema).Assembly.GetManifestResourceNames().Count(name => name.EndsWith(".sql", StringComparison.Ordinal));

    /// <summary>Runs the scripts that are missing.</summary>
    /// <exception cref="Core.SluiceException">It is damaged, or cannot be written.</exception>
    public static void Upgrade(string path, string connectionString)
    {
        var result = DeployChanges.To
            .SqliteDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(typeof(Schema).Assembly)
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw (result.Error is SqliteException exception ? DatabaseFault.Of(path, exception) : null)
                ?? DatabaseFault.Damaged(path, result.Error);
        }
    }
}
