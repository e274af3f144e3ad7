using System.CommandLine;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary>The jobs whose store a command looks after.</summary>
internal static class Maintained
{
    /// <summary>The one of <c>--job</c>, or all that are stored.</summary>
    public static async Task<IReadOnlyList<JobName>> JobsAsync(ParseResult parsed, EmbeddedSluice sluice, CancellationToken cancellationToken)
    {
        var all = await sluice.Store.ListJobsAsync(cancellationToken);
        if (parsed.GetValue(GlobalOptions.Job) is not { } name)
        {
            return all;
        }

        return all.Contains(JobName.Parse(name))
            ? [JobName.Parse(name)]
            : throw new SluiceException(FaultKind.NotFound, "no-such-job", $"Nothing is stored for a job '{name}'.");
    }
}
