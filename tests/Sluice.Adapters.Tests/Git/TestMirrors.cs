using Sluice.Adapters.Git;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>Mirrors in a state folder of their own.</summary>
internal sealed class TestMirrors(GitOptions options) : IDisposable
{
    private readonly TempFolder _state = new();
    private IRepositories? _repositories;

    public TestMirrors()
        : this(new GitOptions { AllowLocalPaths = true })
    {
    }

    /// <summary>The folder of the only mirror.</summary>
    public string Folder => Directory.GetDirectories(new StateFolder(_state.Path).Mirrors).Single();

    private IRepositories Repositories => _repositories ??= GitServices.CreateRepositories(options, new StateFolder(_state.Path));

    public Task<IRepository> OpenAsync(string address) => Repositories.OpenAsync(Repositories.Parse(address), default);

    public Task<IRepository> OpenAsync(TestRepository origin) => OpenAsync(origin.Path);

    /// <summary>The loose object, as a fetch of a few leaves them.</summary>
    public string ObjectFile(string id) => Path.Combine(Folder, "objects", id[..2], id[2..]);

    public void Dispose() => _state.Dispose();
}
