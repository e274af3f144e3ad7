using System.Collections.Concurrent;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>The store on a file system: a folder per job.</summary>
internal sealed class FileStore(StateFolder state, FileStoreOptions options, TimeProvider time) : IStore
{
    private readonly ConcurrentDictionary<JobName, FileJobStore> _open = new();

    /// <inheritdoc/>
    public Task<IJobStore> OpenAsync(JobName job, CancellationToken cancellationToken) => Task.FromResult<IJobStore>(Open(job));

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobName>> ListJobsAsync(CancellationToken cancellationToken)
    {
        var jobs = new List<JobName>();
        foreach (var folder in Directory.Exists(state.Store) ? Directory.EnumerateDirectories(state.Store) : [])
        {
            if (JobName.TryParse(Path.GetFileName(folder), out var job))
            {
                jobs.Add(job);
            }
        }

        return Task.FromResult<IReadOnlyList<JobName>>([.. jobs.OrderBy(job => job.Value, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public async Task ClearLeftoversAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await ListJobsAsync(cancellationToken))
        {
            var temporary = new DirectoryInfo(LayoutOf(job).Temporary);
            foreach (var left in temporary.Exists ? temporary.EnumerateFileSystemInfos() : [])
            {
                if (left is DirectoryInfo folder)
                {
                    folder.Delete(recursive: true);
                }
                else
                {
                    left.Delete();
                }
            }
        }
    }

    internal FileJobStore Open(JobName job) => _open.GetOrAdd(job, name =>
    {
        var layout = LayoutOf(name);
        Prepare(layout, name);
        return new FileJobStore(name, layout, options, time);
    });

    private SpaceLayout LayoutOf(JobName job) => new(Path.Combine(state.Store, job.Value));

    private static void Prepare(SpaceLayout layout, JobName job)
    {
        foreach (var folder in new[] { layout.Contents, layout.Results, layout.Commits, layout.Runs, layout.Held, layout.Temporary })
        {
            Directory.CreateDirectory(folder);
        }

        // A crash may have left it empty.
        var version = File.Exists(layout.Format) ? File.ReadAllText(layout.Format).Trim() : "";
        if (version.Length == 0)
        {
            var temporary = layout.NewTemporary();
            File.WriteAllText(temporary, SpaceLayout.FormatVersion + "\n");
            File.Move(temporary, layout.Format, overwrite: true);
        }
        else if (version != SpaceLayout.FormatVersion)
        {
            throw new SluiceException(
                FaultKind.Conflict,
                "newer-store",
                $"The stored results of job '{job}' have the layout '{version}', which this release does not know; use the release that wrote them.");
        }
    }
}
