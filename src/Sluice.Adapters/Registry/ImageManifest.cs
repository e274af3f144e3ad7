using System.Text.Json;
using Sluice.Core;
using Sluice.Core.Results;

namespace Sluice.Adapters.Registry;

/// <summary>What lies behind a tag: one image, or an index with one for each platform.</summary>
internal static class ImageManifest
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string OciImage = "application/vnd.oci.image.manifest.v1+json";
    private const string DockerImage = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>All that is taken; a registry says that there is nothing when what it has is not among it.</summary>
    public static readonly string[] MediaTypes = [OciIndex, DockerIndex, OciImage, DockerImage];

    /// <summary>Whether a media type is that of one image.</summary>
    public static bool IsImage(string? mediaType) => mediaType is OciImage or DockerImage;

    /// <summary>The digest of the image for a platform.</summary>
    /// <param name="body">A manifest.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="platform">The platform, such as <c>linux/amd64</c>.</param>
    /// <param name="host">Where it comes from, for errors.</param>
    /// <exception cref="RegistryException">There is none (Unprocessable), or this is no manifest (BadGateway).</exception>
    public static Digest ForPlatform(byte[] body, Digest digest, string platform, string host)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.TryGetProperty("manifests", out var manifests))
            {
                return Choose(manifests, platform, host);
            }

            return root.TryGetProperty("config", out _) && root.TryGetProperty("layers", out _) ? digest
                : throw RegistryException.BadAnswer(host, "gave a manifest that is not an image's, or of a form that is no longer used");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw RegistryException.BadAnswer(host, "gave a manifest that is none");
        }
    }

    private static Digest Choose(JsonElement manifests, string platform, string host)
    {
        foreach (var manifest in manifests.EnumerateArray().Where(manifest => IsFor(manifest, platform)))
        {
            return IsImage(Text(manifest, "mediaType")) && Text(manifest, "digest") is { } text && text.StartsWith("sha256:", StringComparison.Ordinal)
                && Digest.TryParse(text, out var digest)
                ? digest
                : throw RegistryException.BadAnswer(host, "gave an index that names no image");
        }

        throw new RegistryException(
            FaultKind.Unprocessable, $"is not there for {platform}: {host} has it for other platforms only", "Build it for this platform too.");
    }

    // The variant that every machine of an architecture runs is often left out.
    private static bool IsFor(JsonElement manifest, string platform) =>
        manifest.TryGetProperty("platform", out var its)
        && $"{Text(its, "os")}/{Text(its, "architecture")}" == platform
        && Text(its, "variant") is null or "" or "v1" or "v8";

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
