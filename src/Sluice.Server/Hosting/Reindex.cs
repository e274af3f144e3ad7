using System.Text.Json;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Server.Hosting;

/// <summary>Brings a lost database back from the store, which is the truth about results.</summary>
/// <param name="Jobs">Jobs that were registered.</param>
/// <param name="Runs">Ended runs that were read.</param>
/// <param name="Unreadable">Records that are no runs; they are left alone.</param>
public sealed record Reindex(int Jobs, int Runs, int Unreadable)
{
    /// <summary>Reads every ended run; what the database has stays as it is.</summary>
    public static async Task<Reindex> RunAsync(
        IStore store, IRunStore runs, IRepositories repositories, CancellationToken cancellationToken)
    {
        var (jobs, ended, unreadable) = (0, 0, 0);
        foreach (var name in await store.ListJobsAsync(cancellationToken))
        {
            var space = await store.OpenAsync(name, cancellationToken);
            Run? newest = null;
            await foreach (var json in space.ListRunsAsync(cancellationToken))
            {
                try
                {
                    var read = RunJson.Read(json.Span);
                    await runs.ImportAsync(read, cancellationToken);
                    newest = newest is null || newest.Id.CompareTo(read.Run.Id) < 0 ? read.Run : newest;
                    ended++;
                }
                catch (JsonException)
                {
                    unreadable++;
                }
            }

            if (newest is not null && await runs.FindJobAsync(name, cancellationToken) is null)
            {
                await runs.SaveJobAsync(
                    new Job(name, newest.Url, repositories.Parse(newest.Url).Identity, newest.CreatedAt), cancellationToken);
                jobs++;
            }
        }

        return new Reindex(jobs, ended, unreadable);
    }
}
