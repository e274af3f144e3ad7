using Sluice.Core.Running;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>None are kept.</summary>
internal sealed class NoCredentials : IImageCredentials
{
    public Task<ImageCredential?> FindAsync(string image, CancellationToken cancellationToken) => Task.FromResult<ImageCredential?>(null);
}
