namespace Sluice.Adapters.Containers;

/// <summary>Finds the user of commands, and sees to it that the service can read and remove what that user leaves.</summary>
internal sealed class ContainerUsers(ContainerApi api, ContainerOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile ContainerUser? _user;

    /// <summary>The user; an engine may map users, so that it is asked once.</summary>
    public async Task<ContainerUser> FindAsync(CancellationToken cancellationToken)
    {
        if (_user is { } known)
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _user ??= await api.KindAsync(cancellationToken) switch
            {
                // Podman can leave the service's user as it is; with Docker it is root inside, who is the same user outside.
                { IsRootless: true, IsPodman: true } => new ContainerUser(options.User, "keep-id"),
                { IsRootless: true } => new ContainerUser("0:0"),

                // Docker with root can map users too (userns-remap), and leave it for one container.
                { MapsUsers: true } => new ContainerUser(options.User, "host"),
                _ => new ContainerUser(options.User),
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
