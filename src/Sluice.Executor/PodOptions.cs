using Sluice.Core;
using Sluice.Store.S3;

namespace Sluice.Executor;

/// <summary>What the workflow tells a pod in its environment; written by the service's configuration, never by a repository.</summary>
internal static class PodOptions
{
    /// <summary>The pod's name.</summary>
    public static string PodName => Get("POD_NAME") is { } name && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.') ? name : "pod";

    /// <summary>Where the store is.</summary>
    /// <exception cref="SluiceException">An address is none.</exception>
    public static S3Options Read(Credential credential) => new()
    {
        Endpoint = Get("STORE_ENDPOINT") is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri
            : throw new SluiceException(FaultKind.BadGateway, "invalid-settings", "STORE_ENDPOINT is not the address of a server."),
        Region = Get("STORE_REGION") ?? new S3Options().Region,
        Bucket = Get("STORE_BUCKET"),
        AccessKey = credential.AccessKey is { Length: > 0 } key ? key : null,
        SecretKey = credential.SecretKey,
        SessionToken = credential.SessionToken is { Length: > 0 } token ? token : null,
        UsesPathStyle = Get("STORE_PATH_STYLE") is { } style ? style == "true" : null,
    };

    private static string? Get(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
