using System.Text.Json;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Server.Hosting;

/// <summary>Brings a lost database back from the store, which is the truth about results.</summary>
/// <param name="Jobs">Jobs that were registered.</param>
/// <param name="Runs">Ended runs that were read.</param>
/// <param name="Unreadable">Records that are no ended runs of their job, or of a repository that may not be read any more; they are left alone.</param>
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
            var known = new List<(Run Run, RepositoryUrl Url)>();
            await foreach (var json in space.ListRunsAsync(cancellationToken))
            {
                if (TryRead(json, name, repositories) is var (read, url))
                {
                    await runs.ImportAsync(read, cancellationToken);
                    known.Add((read.Run, url));
                }
                else
                {
                    unreadable++;
                }
            }

            ended += known.Count;
            if (known.Count > 0 && await runs.FindJobAsync(name, cancellationToken) is null)
            {
                var url = known.MaxBy(pair => pair.Run.Id).Url;
                await runs.SaveJobAsync(new Job(name, url.Address, url.Identity, known.Min(pair => pair.Run.CreatedAt)), cancellationToken);
                jobs++;
            }
        }

        return new Reindex(jobs, ended, unreadable);
    }

    // One bad record must not keep the others lost.
    private static (EndedRun Ended, RepositoryUrl Url)? TryRead(ReadOnlyMemory<byte> json, JobName job, IRepositories repositories)
    {
        try
        {
            var read = RunJson.Read(json.Span);
            return read.Run.IsEnded && read.Run.Job == job ? (read, repositories.Parse(read.Run.Url)) : null;
        }
        catch (Exception exception) when (exception is JsonException or SluiceException)
        {
            return null;
        }
    }
}
