using System.CommandLine;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary>The jobs whose store a command looks after; a service may be at work beside it.</summary>
internal static class Maintained
{
    /// <summary>The store, what looks after it, and the jobs.</summary>
    public static async Task<(IStoreMaintenance Maintenance, IReadOnlyList<JobName> Jobs)> OpenAsync(
        ParseResult parsed, CancellationToken cancellationToken)
    {
        var (store, maintenance) = EmbeddedSluice.OpenStore(SettingsReader.Read(Session.Flags(parsed)), TimeProvider.System);
        return (maintenance, await JobsAsync(parsed, store, cancellationToken));
    }

    /// <summary>The one of <c>--job</c>, or all that are stored.</summary>
    private static async Task<IReadOnlyList<JobName>> JobsAsync(ParseResult parsed, IStore store, CancellationToken cancellationToken)
    {
        var all = await store.ListJobsAsync(cancellationToken);
        if (parsed.GetValue(GlobalOptions.Job) is not { } name)
        {
            return all;
        }

        return all.Contains(JobName.Parse(name))
            ? [JobName.Parse(name)]
            : throw new SluiceException(FaultKind.NotFound, "no-such-job", $"Nothing is stored for a job '{name}'.");
    }
}
