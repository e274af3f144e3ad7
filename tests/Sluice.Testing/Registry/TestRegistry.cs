using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Sluice.Testing.Registry;

/// <summary>A real registry of images on a free port of this machine: Debian's docker-registry.</summary>
public sealed partial class TestRegistry : IAsyncDisposable
{
    /// <summary>The environment variable with the path of the program.</summary>
    public const string Variable = "TEST_REGISTRY";

    /// <summary>Who may use one with a password.</summary>
    public const string User = "somebody";

    /// <summary>The password.</summary>
    public const string Password = "registry-secret";

    private const string PasswordHash = "$2b$05$XXmOoQCd4vDFBn/LPD48t..n26ac0tIAvt/fNUmRePqwUBkjcwWiK";

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http;
    private Process? _process;

#pragma warning disable CA5359 // Its own certificate, which nobody has signed.
    private TestRegistry() => _http = new HttpClient(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });
#pragma warning restore CA5359

    /// <summary>Its host with its port.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Who pushes.</summary>
    public AuthenticationHeaderValue? Authorization { get; set; }

    private string Scheme { get; set; } = "http";

    /// <summary>Starts one that anybody may use.</summary>
    public static Task<TestRegistry> StartAsync() => StartAsync("", "");

    /// <summary>Starts one that wants the password.</summary>
    public static async Task<TestRegistry> StartWithPasswordAsync()
    {
        var registry = await StartAsync("", "auth: {htpasswd: {realm: test, path: FOLDER/htpasswd}}");
        registry.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
        return registry;
    }

    /// <summary>Starts one that takes the tokens of a server.</summary>
    public static Task<TestRegistry> StartAsync(TokenServer tokens) => StartAsync(
        "", $"auth: {{token: {{realm: \"{tokens.Realm}\", service: {TokenServer.Service}, issuer: {TokenServer.Issuer}, rootcertbundle: \"{tokens.Certificate}\"}}}}");

    /// <summary>Starts one with a certificate that nobody has signed.</summary>
    public static async Task<TestRegistry> StartWithTlsAsync()
    {
        using var certificate = TestCertificate.Create();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["cert.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["key.pem"], certificate.GetRSAPrivateKeyPem());
        var registry = await StartAsync($"tls: {{certificate: \"{folder["cert.pem"]}\", key: \"{folder["key.pem"]}\"}}", "");
        registry.Scheme = "https";
        return registry;
    }

    /// <summary>Pushes an image of one platform.</summary>
    /// <param name="name">The repository and the tag.</param>
    /// <param name="content">What makes it this one.</param>
    /// <returns>Its digest.</returns>
    public async Task<string> PushAsync(string name, string content)
    {
        var (repository, tag) = (name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var config = await PutBlobAsync(repository, $$$"""{"architecture":"amd64","os":"linux","comment":"{{{content}}}"}""");
        return await PutManifestAsync(
            repository,
            tag,
            "application/vnd.docker.distribution.manifest.v2+json",
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json",{{{config}}}},"layers":[]}""");
    }

    /// <summary>Pushes an image that can run here, with <c>/busybox</c>, and that no engine has seen.</summary>
    /// <param name="name">The repository and the tag.</param>
    /// <returns>Its digest.</returns>
    public async Task<string> PushBusyboxAsync(string name)
    {
        var files = await BusyboxAsync();
        var (repository, tag) = (name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var layer = await PutBlobAsync(repository, Compressed(files));
        var config = await PutBlobAsync(
            repository,
            $$$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["{{{Sluice.Core.Results.Digest.Of(files)}}}"]}}""");
        return await PutManifestAsync(
            repository,
            tag,
            "application/vnd.docker.distribution.manifest.v2+json",
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json",{{{config}}}},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip",{{{layer}}}}]}""");
    }

    /// <summary>Gives an image that is there a tag, as a push of it would.</summary>
    /// <param name="name">The repository and the tag.</param>
    /// <param name="digest">The image, of one platform.</param>
    public async Task TagAsync(string name, string digest)
    {
        var (repository, tag) = (name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        const string MediaType = "application/vnd.docker.distribution.manifest.v2+json";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Scheme}://{Host}/v2/{repository}/manifests/{digest}");
        request.Headers.Accept.ParseAdd(MediaType);
        using var response = await _http.SendAsync(request);
        await PutManifestAsync(repository, tag, MediaType, await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>Pushes an index.</summary>
    /// <param name="name">The repository and the tag.</param>
    /// <param name="images">The image of each platform by its content.</param>
    /// <returns>The digests: the index's, and those of the images by platform.</returns>
    public async Task<(string Index, IReadOnlyDictionary<string, string> Images)> PushIndexAsync(
        string name, params (string Platform, string Content)[] images)
    {
        var repository = name[..name.IndexOf(':', StringComparison.Ordinal)];
        var digests = new Dictionary<string, string>();
        var entries = new List<string>();
        foreach (var (platform, content) in images)
        {
            var config = await PutBlobAsync(repository, $$$"""{"os":"{{{platform.Split('/')[0]}}}","architecture":"{{{platform.Split('/')[1]}}}","comment":"{{{content}}}"}""");
            var manifest =
                $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",{{{config}}}},"layers":[]}""";
            digests[platform] = await PutManifestAsync(repository, DigestOf(manifest), "application/vnd.oci.image.manifest.v1+json", manifest);
            entries.Add($$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{digests[platform]}}}","size":{{{manifest.Length}}},"platform":{"os":"{{{platform.Split('/')[0]}}}","architecture":"{{{platform.Split('/')[1]}}}"}}""");
        }

        var index = await PutManifestAsync(
            repository,
            name[(repository.Length + 1)..],
            "application/vnd.oci.image.index.v1+json",
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{{string.Join(',', entries)}}}]}""");
        return (index, digests);
    }

    /// <summary>Ends it; a test that needs it down does so itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
            _http.Dispose();
            _folder.Dispose();
        }
    }

    private static string DigestOf(string content) => Sluice.Core.Results.Digest.Of(content).ToString();

    private static async Task<TestRegistry> StartAsync(string http, string rest)
    {
        var program = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(program is null, $"needs docker-registry: {Variable}=$(scripts/registry.sh); make test does it");
        var registry = new TestRegistry();
        await File.WriteAllTextAsync(registry._folder["htpasswd"], $"{User}:{PasswordHash}\n");
        await File.WriteAllTextAsync(registry._folder["config.yml"], $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: true } }
            storage:
              filesystem: { rootdirectory: "{{registry._folder["data"]}}" }
            http: { addr: "127.0.0.1:0"{{(http.Length > 0 ? ", " + http : "")}} }
            {{rest.Replace("FOLDER", registry._folder.Path, StringComparison.Ordinal)}}

            """);
        await registry.LaunchAsync(program);
        return registry;
    }

    // It is given port 0, and says in its log which one it got.
    private async Task LaunchAsync(string program)
    {
        var (said, listening) = (new StringBuilder(), new TaskCompletionSource<string?>());
        _process = new Process { StartInfo = new ProcessStartInfo(program, ["serve", _folder["config.yml"]]) { RedirectStandardError = true } };
        _process.ErrorDataReceived += (_, line) =>
        {
            said.AppendLine(line.Data);
            if (line.Data is null)
            {
                listening.TrySetResult(null);
            }
            else if (Listening().Match(line.Data) is { Success: true } match)
            {
                listening.TrySetResult(match.Groups[1].Value);
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
        Host = await listening.Task ?? throw new InvalidOperationException($"The registry did not start: {said}");
    }

    private static async Task<byte[]> BusyboxAsync()
    {
        using var files = new MemoryStream();
        await using (var tar = new TarWriter(files, leaveOpen: true))
        {
            await tar.WriteEntryAsync("/bin/busybox", "busybox");
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, Guid.NewGuid().ToString("n")));
        }

        return files.ToArray();
    }

    private static byte[] Compressed(byte[] files)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(files);
        }

        return compressed.ToArray();
    }

    private Task<string> PutBlobAsync(string repository, string content) => PutBlobAsync(repository, Encoding.UTF8.GetBytes(content));

    private async Task<string> PutBlobAsync(string repository, byte[] content)
    {
        var digest = Sluice.Core.Results.Digest.Of(content).ToString();
        using var begun = await SendAsync(HttpMethod.Post, $"{Scheme}://{Host}/v2/{repository}/blobs/uploads/", null);
        var place = new Uri(new Uri($"{Scheme}://{Host}"), begun.Headers.Location!).ToString();
        using var put = await SendAsync(
            HttpMethod.Put, $"{place}{(place.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest)}", new ByteArrayContent(content));
        return $"\"digest\":\"{digest}\",\"size\":{content.Length}";
    }

    private async Task<string> PutManifestAsync(string repository, string reference, string mediaType, string content)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var put = await SendAsync(HttpMethod.Put, $"{Scheme}://{Host}/v2/{repository}/manifests/{reference}", body);
        return DigestOf(content);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        request.Headers.Authorization = Authorization;
        var response = await _http.SendAsync(request);
        return response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Accepted
            ? response
            : throw new InvalidOperationException($"{method} {address} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    [GeneratedRegex("listening on ([0-9.:]+)")]
    private static partial Regex Listening();
}
