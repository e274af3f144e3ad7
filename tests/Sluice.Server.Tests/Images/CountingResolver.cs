using System.Collections.Concurrent;
using Sluice.Core.Planning;

namespace Sluice.Server.Tests.Images;

/// <summary>Remembers what was looked up.</summary>
internal sealed class CountingResolver(IImageResolver inner) : IImageResolver
{
    private readonly ConcurrentQueue<string> _asked = [];

    /// <summary>Every image that was asked for, each time.</summary>
    public IReadOnlyList<string> Asked => [.. _asked.Order(StringComparer.Ordinal)];

    public Task<IReadOnlyDictionary<string, ImageAnswer>> ResolveAsync(
        IReadOnlyCollection<string> images, string platform, CancellationToken cancellationToken)
    {
        foreach (var image in images)
        {
            _asked.Enqueue(image);
        }

        return inner.ResolveAsync(images, platform, cancellationToken);
    }
}
