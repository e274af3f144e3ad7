namespace Sluice.Core.Running;

/// <summary>Finds the credentials for pulls by an engine that keeps none itself.</summary>
public interface IImageCredentials
{
    /// <summary>The credential for an image's registry; null where none is kept.</summary>
    /// <param name="image">The image as it runs, with its tag or digest.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SluiceException">What keeps them does not work (Unavailable).</exception>
    Task<ImageCredential?> FindAsync(string image, CancellationToken cancellationToken);
}
