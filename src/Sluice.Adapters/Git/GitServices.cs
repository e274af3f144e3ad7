using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Git;

/// <summary>What a host registers.</summary>
public static class GitServices
{
    /// <summary>The repositories that jobs live in.</summary>
    /// <param name="options">Which may be read.</param>
    /// <param name="state">Where the mirrors are.</param>
    public static IRepositories CreateRepositories(GitOptions options, StateFolder state) =>
        new GitRepositories(options, state, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }));
}
