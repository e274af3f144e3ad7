using System.Collections.Concurrent;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>The store on a file system: a folder per job.</summary>
internal sealed class FileStore(StateFolder state, FileStoreOptions options, TimeProvider time) : IStore
{
    private readonly ConcurrentDictionary<JobName, JobStore> _open = new();

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
            var temporary = new DirectoryInfo(FolderOf(job).Temporary);
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

    internal JobStore Open(JobName job) => _open.GetOrAdd(job, name =>
    {
        var space = FolderOf(name);
        Prepare(space, name);
        return new JobStore(name, new FileSpace(space, options, time));
    });

    private SpaceFolder FolderOf(JobName job) => new(Path.Combine(state.Store, job.Value));

    private static void Prepare(SpaceFolder space, JobName job)
    {
        foreach (var folder in new[] { SpaceNames.Contents, SpaceNames.Results, SpaceNames.Commits, SpaceNames.Runs, SpaceNames.Held }.Select(space.PathOf).Append(space.Temporary))
        {
            Directory.CreateDirectory(folder);
        }

        // A crash may have left it empty.
        var format = space.PathOf(SpaceNames.Format);
        var version = File.Exists(format) ? File.ReadAllText(format).Trim() : "";
        if (version.Length == 0)
        {
            var temporary = space.NewTemporary();
            File.WriteAllText(temporary, SpaceNames.FormatVersion + "\n");
            File.Move(temporary, format, overwrite: true);
        }
        else if (version != SpaceNames.FormatVersion)
        {
            throw new SluiceException(
                FaultKind.Conflict,
                "newer-store",
                $"The stored results of job '{job}' have the layout '{version}', which this release does not know; use the release that wrote them.");
        }
    }
}
