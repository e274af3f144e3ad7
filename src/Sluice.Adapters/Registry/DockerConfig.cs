using System.Text;
using System.Text.Json;
using Sluice.Core;

namespace Sluice.Adapters.Registry;

/// <summary>The credentials of Docker's <c>config.json</c>, for the one host that each is kept for.</summary>
internal sealed class DockerConfig(string path, TimeProvider time)
{
    // Docker's own form; people add comments to it by hand.
    private static readonly JsonDocumentOptions Form = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The credential for a registry; null where none is kept.</summary>
    /// <exception cref="RegistryException">The file, or a helper that it names, does not work (Unavailable).</exception>
    public async Task<RegistryCredential?> FindAsync(ImageName name, CancellationToken cancellationToken)
    {
        try
        {
            // Read for every plan: whoever logs in need not start the service anew.
            if (!File.Exists(path))
            {
                return null;
            }

            await using var file = File.OpenRead(path);
            using var config = await JsonDocument.ParseAsync(file, Form, cancellationToken);
            return await FindAsync(config.RootElement, name, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(
                FaultKind.Unavailable,
                $"could not be looked up: the credentials in '{path}' cannot be read",
                "Log in again, or name another file in SLUICE_IMAGES__CONFIG.",
                exception);
        }
    }

    private async Task<RegistryCredential?> FindAsync(JsonElement config, ImageName name, CancellationToken cancellationToken)
    {
        // A helper of the host's own goes before the one for all, and that before the file, as with Docker.
        if (HelperOf(config, name) is var (program, server)
            && await new CredentialProgram(program, time).FindAsync(server, cancellationToken) is { } helped)
        {
            return helped;
        }

        return config.TryGetProperty("auths", out var all) ? all.EnumerateObject()
            .Where(entry => name.Keys.Contains(entry.Name) || name.Keys.Contains(HostOf(entry.Name)))
            .Select(entry => Read(entry.Value))
            .FirstOrDefault(found => found is not null) : null;
    }

    private static (string Program, string Server)? HelperOf(JsonElement config, ImageName name)
    {
        if (config.TryGetProperty("credHelpers", out var helpers))
        {
            foreach (var helper in helpers.EnumerateObject().Where(entry => name.Keys.Contains(entry.Name)))
            {
                return (helper.Value.GetString() ?? "", helper.Name);
            }
        }

        return config.TryGetProperty("credsStore", out var store) && store.GetString() is { Length: > 0 } program ? (program, name.Keys[0]) : null;
    }

    private static RegistryCredential? Read(JsonElement entry)
    {
        if (Text(entry, "identitytoken") is { } token)
        {
            return new RegistryCredential("", token, isIdentityToken: true);
        }

        if (Text(entry, "auth") is { } auth)
        {
            var both = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).TrimEnd('\0');
            return both.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
                ? new RegistryCredential(both[..colon], both[(colon + 1)..], isIdentityToken: false)
                : throw new FormatException("A credential without a user.");
        }

        return Text(entry, "username") is { } user && Text(entry, "password") is { } password
            ? new RegistryCredential(user, password, isIdentityToken: false)
            : null;
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

    // Older clients kept addresses, with a scheme and a path.
    private static string HostOf(string key)
    {
        var start = key.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        return key.IndexOf('/', start) is >= 0 and var slash ? key[start..slash] : key[start..];
    }
}
