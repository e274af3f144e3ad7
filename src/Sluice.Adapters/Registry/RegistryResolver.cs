using System.Collections.Concurrent;
using Sluice.Core;
using Sluice.Core.Planning;
using Sluice.Core.Results;

namespace Sluice.Adapters.Registry;

/// <summary>Looks images up in their registries. See docs/design/images.md.</summary>
internal sealed class RegistryResolver(ImageOptions options, TimeProvider time) : IImageResolver
{
    /// <summary>How many indexes are known by heart; far more than a job names.</summary>
    private const int MaxKnown = 10_000;

    private readonly RegistryConnections _connections = new(options);
    private readonly DockerConfig _config = new(options.ConfigFile, time);
    private readonly ConcurrentDictionary<(Digest Index, string Platform), Digest> _known = new();

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, ImageAnswer>> ResolveAsync(
        IReadOnlyCollection<string> images, string platform, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentDictionary<string, ImageAnswer>();
        var silent = new ConcurrentDictionary<string, ImageAnswer>();
        await Parallel.ForEachAsync(
            images.GroupBy(ImageName.Parse),
            new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = cancellationToken },
            async (group, token) =>
            {
                // A registry that is down would cost every one of its images the whole time.
                var answer = group.Key is not { } name ? NoName()
                    : silent.TryGetValue(name.Host, out var known) ? known
                    : await ResolveAsync(name, platform, token);
                if (answer.Fault == FaultKind.Unavailable && group.Key is { } asked)
                {
                    silent[asked.Host] = answer;
                }

                foreach (var image in group)
                {
                    answers[image] = answer;
                }
            });
        return answers;
    }

    private static ImageAnswer NoName() => ImageAnswer.Failed(
        FaultKind.Unprocessable, "has a name that is none", "Write it as name:tag, with the registry's host before the name where it is not Docker Hub.");

    private async Task<ImageAnswer> ResolveAsync(ImageName name, string platform, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var requests = new RegistryRequests(_connections, time, time.GetUtcNow() + options.Timeout);
            return ImageAnswer.Found(await FindAsync(new ImageQuestion(name, requests, _config), name.Authority, platform, either.Token));
        }
        catch (RegistryException exception)
        {
            return ImageAnswer.Failed(exception.Fault, exception.Message, exception.Advice, exception.IsMissing);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var slow = RegistryFailures.TooSlow(name.Authority, options.Timeout);
            return ImageAnswer.Failed(slow.Fault, slow.Message, slow.Advice);
        }
    }

    // What is behind a digest never changes: an index is read once, and the tag's digest is asked for each time.
    private async Task<Digest> FindAsync(ImageQuestion question, string host, string platform, CancellationToken cancellationToken)
    {
        var (digest, mediaType) = await question.LookAsync(cancellationToken);
        if (digest is { } image && ImageManifest.IsImage(mediaType))
        {
            return image;
        }

        if (digest is { } index && _known.TryGetValue((index, platform), out var known))
        {
            return known;
        }

        var (body, actual) = await question.ReadAsync(digest, cancellationToken);
        var found = ImageManifest.ForPlatform(body, actual, platform, host);
        if (_known.Count < MaxKnown)
        {
            _known[(actual, platform)] = found;
        }

        return found;
    }
}
