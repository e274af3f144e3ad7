namespace Sluice.Adapters.Containers;

/// <summary>Finds the user of commands, and sees to it that the service can read and remove what that user leaves.</summary>
internal sealed class ContainerUsers(ContainerApi api, ContainerOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile ContainerUser? _user;

    /// <summary>The user; an engine without root maps users, so that it is asked once.</summary>
    public async Task<ContainerUser> FindAsync(CancellationToken cancellationToken)
    {
        if (_user is { } known)
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _user ??= await api.IsRootlessAsync(cancellationToken) switch
            {
                // Podman can leave the service's user as it is; with Docker it is root inside, who is the same user outside.
                (true, true) => new ContainerUser(options.User, IsKept: true),
                (true, false) => new ContainerUser("0:0", IsKept: false),
                _ => new ContainerUser(options.User, IsKept: false),
            };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Before a command: the folder of its attempt is its user's.</summary>
    public Task HandOverAsync(string folder) => options.HandsFoldersOver ? FolderOwner.ChangeAsync(folder, options.User) : Task.CompletedTask;

    /// <summary>After it: all that is there is the service's.</summary>
    public Task TakeBackAsync(string folder) => options.HandsFoldersOver ? FolderOwner.ChangeAsync(folder, "0:0") : Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
