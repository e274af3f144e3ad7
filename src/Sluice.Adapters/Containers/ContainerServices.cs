using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Running;

namespace Sluice.Adapters.Containers;

/// <summary>What a host registers.</summary>
public static class ContainerServices
{
    /// <summary>The engine for containers of Docker or Podman on this machine.</summary>
    public static ICommandEngine CreateEngine(ContainerOptions options, IImageCredentials credentials, TimeProvider time, ILoggerFactory loggers) =>
        new ContainerEngine(options, credentials, time, loggers.CreateLogger<ContainerEngine>());

    /// <summary>Removes the containers that a crash of this state folder's owner has left; other engines have none.</summary>
    /// <exception cref="SluiceException">The container engine does not answer.</exception>
    public static Task RemoveLeftoversAsync(IEngine engine, CancellationToken cancellationToken) =>
        engine is ContainerEngine containers ? containers.RemoveLeftoversAsync(cancellationToken) : Task.CompletedTask;
}
