using System.Collections.Concurrent;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Git;

/// <summary>The mirrors of all repositories, one bare repository for each identity.</summary>
internal sealed class GitRepositories(GitOptions options, StateFolder state, HttpClient http) : IRepositories, IDisposable
{
    private readonly GitUrls _urls = new(options);
    private readonly ConcurrentDictionary<string, Mirror> _mirrors = new();

    /// <inheritdoc/>
    public RepositoryUrl Parse(string? address) => _urls.Parse(address);

    /// <inheritdoc/>
    public Task<IRepository> OpenAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        // By identity, not by address: two spellings of one address must not write to one folder at once.
        var folder = Path.Combine(state.Mirrors, Digest.Of(url.Identity).Hex[..32]);
        var mirror = _mirrors.GetOrAdd(folder, path => new Mirror(path));
        var hosts = new HostAddresses(options);
        return Task.FromResult<IRepository>(new GitRepository(url, mirror, new Origin(url, options, hosts), new LfsClient(url, hosts, http)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mirror in _mirrors.Values)
        {
            mirror.Dispose();
        }
    }
}
