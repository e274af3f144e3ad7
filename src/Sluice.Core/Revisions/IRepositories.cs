namespace Sluice.Core.Revisions;

/// <summary>The git repositories that jobs live in.</summary>
public interface IRepositories
{
    /// <summary>Checks an address from outside against the allow-list, without touching the network.</summary>
    /// <exception cref="SluiceException">It is malformed or not allowed; says which.</exception>
    RepositoryUrl Parse(string? address);

    /// <summary>Opens the mirror of a repository, making an empty one where there is none.</summary>
    Task<IRepository> OpenAsync(RepositoryUrl url, CancellationToken cancellationToken);
}
