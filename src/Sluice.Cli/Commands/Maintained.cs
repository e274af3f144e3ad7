using System.CommandLine;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary>The jobs whose store a command looks after; a service may be at work beside it.</summary>
internal static class Maintained
{
    /// <summary>The store, what looks after it, and the jobs: the one of that name, or all that are stored.</summary>
    public static async Task<(IStore Store, IStoreMaintenance Maintenance, IReadOnlyList<JobName> Jobs)> OpenAsync(
        ParseResult parsed, string? only, CancellationToken cancellationToken)
    {
        var (store, maintenance) = EmbeddedSluice.OpenStore(Session.ReadOwnSettings(parsed), TimeProvider.System);
        var all = await store.ListJobsAsync(cancellationToken);
        if (only is null)
        {
            return (store, maintenance, all);
        }

        return JobName.TryParse(only, out var name) && all.Contains(name)
            ? (store, maintenance, [name])
            : throw new SluiceException(FaultKind.NotFound, "no-such-job", $"Nothing is stored for a job '{only}'.");
    }
}
