using Sluice.Core;
using Sluice.Core.Planning;
using Sluice.Core.Running;

namespace Sluice.Adapters.Registry;

/// <summary>Docker's <c>config.json</c> for an engine that pulls: what planning has asked with.</summary>
internal sealed class PullCredentials(DockerConfig config) : IImageCredentials
{
    /// <inheritdoc/>
    public async Task<ImageCredential?> FindAsync(string image, CancellationToken cancellationToken)
    {
        // A digest is of any tag. Of a name that is none the engine says so.
        var parsed = TaskImage.Parse(image);
        if (ImageName.Parse($"{parsed.Name}:{parsed.Tag ?? "latest"}") is not { } name)
        {
            return null;
        }

        try
        {
            return (await config.FindAsync(name, cancellationToken))?.For(name.Keys[0]);
        }
        catch (RegistryException exception)
        {
            // Without what led to it: that may quote the file, and would get into a log.
            throw new SluiceException(exception.Fault, "registry-unavailable", $"The credential for the image '{image}' {exception.Message}. {exception.Advice}");
        }
    }
}
