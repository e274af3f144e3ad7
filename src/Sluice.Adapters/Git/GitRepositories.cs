using System.Collections.Concurrent;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Git;

/// <summary>The mirrors of all repositories, one bare repository for each identity.</summary>
internal sealed class GitRepositories(GitOptions options, StateFolder state, HttpClient http) : IRepositories, IDisposable
{
    private readonly GitUrls _urls = new(options);
    private readonly ConcurrentDictionary<string, GitRepository> _open = new();

    /// <inheritdoc/>
    public RepositoryUrl Parse(string? address) => _urls.Parse(address);

    /// <inheritdoc/>
    public Task<IRepository> OpenAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(state.Mirrors, Digest.Of(url.Identity).Hex[..32]);
        return Task.FromResult<IRepository>(_open.GetOrAdd(url.Address, _ => new GitRepository(url, folder, options, new HostAddresses(options), http)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var repository in _open.Values)
        {
            repository.Dispose();
        }
    }
}
