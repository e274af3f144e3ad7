namespace Sluice.Core.Planning;

/// <summary>Finds the digests of images that are named by tag.</summary>
public interface IImageResolver
{
    /// <summary>Asks for many images at once, each once.</summary>
    /// <param name="images">Names with a tag, as somebody would pull them; not checked yet.</param>
    /// <param name="platform">For which platform, such as <c>linux/amd64</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>An answer for every image. What went wrong with one is its answer, and not an exception.</returns>
    Task<IReadOnlyDictionary<string, ImageAnswer>> ResolveAsync(
        IReadOnlyCollection<string> images, string platform, CancellationToken cancellationToken);
}
