using Sluice.Core.Running;

namespace Sluice.Server.Tests.Images;

/// <summary>Processes of this machine that count as if they ran in their images.</summary>
internal sealed class ImageEngine(ICommandEngine processes) : ICommandEngine, IDisposable
{
    public string Name => "images";

    public string Environment => "linux/amd64";

    public bool UsesImages => true;

    public bool HasNetwork => true;

    public string? FolderSeenAs => processes.FolderSeenAs;

    public Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken) => processes.RunAsync(request, cancellationToken);

    public void Dispose() => (processes as IDisposable)?.Dispose();
}
