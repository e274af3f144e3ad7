using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Sluice.Adapters.Registry;
using Sluice.Core.Results;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Adapters.Tests.Registry;

/// <summary>Registries that are slow, busy, broken or up to something.</summary>
public sealed class HostileRegistryTests : RegistryFixture
{
    private const string MediaType = "application/vnd.oci.image.manifest.v1+json";
    private const string Manifest = """{"schemaVersion":2,"config":{},"layers":[]}""";

    private static readonly string ManifestDigest = Digest.Of(Manifest).ToString();

    [Fact]
    public async Task One_that_is_busy_is_asked_again_when_it_says_so()
    {
        var asked = 0;
        await using var server = await TestServer.StartAsync(context =>
        {
            if (asked++ == 0)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "1";
                return Task.CompletedTask;
            }

            return AnswerAsync(context, MediaType, ManifestDigest, Manifest);
        });

        Assert.Equal(ManifestDigest, await DigestOfAsync($"{server.Host}/tool:1"));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task One_that_wants_more_time_than_there_is_is_told_at_once()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });

        var problem = await ProblemOfAsync($"{server.Host}/tool:1");

        Assert.StartsWith("Unavailable: could not be looked up: 127.0.0.1 had too many requests and asks to wait 3600 s", problem, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task One_that_does_not_answer_is_waited_for_as_long_as_is_said()
    {
        var time = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var image = $"{server.Host}/tool:1";

        var asking = RegistryServices.CreateResolver(Options, time).ResolveAsync([image], Platform, CancellationToken.None);
        await Eventually.TrueAsync(() => server.Requests.Count > 0);
        time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal($"could not be looked up: {server.Host} did not answer within 10 s", (await asking)[image].Problem);
    }

    [Fact]
    public async Task A_redirect_is_followed_and_the_credential_stays_behind()
    {
        await using var other = await TestServer.StartAsync(context => AnswerAsync(context, MediaType, ManifestDigest, Manifest));
        await using var server = await TestServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization.Count == 0)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
            }
            else
            {
                context.Response.Redirect($"http://{other.Host}{context.Request.Path}");
            }

            return Task.CompletedTask;
        });
        LogIn(server.Host);

        Assert.Equal(ManifestDigest, await DigestOfAsync($"{server.Host}/tool:1"));
        Assert.StartsWith("Basic ", server.Requests[^1].Authorization, StringComparison.Ordinal);
        Assert.Null(Assert.Single(other.Requests).Authorization);
    }

    [Fact]
    public async Task A_server_that_a_redirect_leads_to_is_given_no_credential_even_when_it_asks()
    {
        await using var other = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
            return Task.CompletedTask;
        });
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.Redirect($"http://{other.Host}{context.Request.Path}");
            return Task.CompletedTask;
        });
        LogIn(server.Host);

        Assert.StartsWith("Unprocessable: may not be read", await ProblemOfAsync($"{server.Host}/tool:1"), StringComparison.Ordinal);
        Assert.All(other.Requests, it => Assert.Null(it.Authorization));
    }

    [Theory]
    [InlineData("http://127.0.0.2:1/x", "leads to another place")]
    [InlineData("file:///etc/passwd", "leads to another place")]
    [InlineData("https://user:password@127.0.0.1/x", "leads to another place")]
    [InlineData("/v2/tool/manifests/1", "leads to another place")]
    [InlineData("https://169.254.169.254/latest", "has a private, loopback or link-local address")]
    public async Task A_redirect_is_not_followed_everywhere(string location, string problem)
    {
        Options.PrivateHosts = ["*"];
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });

        Assert.Contains(problem, await ProblemOfAsync($"{server.Host}/tool:1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer realm=\"http://127.0.0.2:1/token\",service=\"x\"", "names no place with TLS that gives tokens")]
    [InlineData("Bearer realm=\"/token\"", "names no place with TLS that gives tokens")]
    [InlineData("Bearer service=\"x\"", "may not be read")]
    [InlineData("Digest realm=\"x\"", "may not be read")]
    [InlineData("Bearer realm=\"https://169.254.169.254/token\"", "has a private, loopback or link-local address")]
    public async Task Nobody_gets_a_credential_for_the_asking(string challenge, string problem)
    {
        Options.PrivateHosts = ["*"];
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = challenge;
            return Task.CompletedTask;
        });
        LogIn(server.Host);

        Assert.Contains(problem, await ProblemOfAsync($"{server.Host}/tool:1"), StringComparison.Ordinal);
        Assert.All(server.Requests, it => Assert.Null(it.Authorization));
    }

    [Theory]
    [InlineData("sha256:nonsense")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha512:00")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000\u0020x")]
    public async Task A_digest_has_to_be_one(string digest)
    {
        await using var server = await TestServer.StartAsync(context => AnswerAsync(context, MediaType, digest, Manifest));

        Assert.StartsWith("BadGateway: could not be looked up: 127.0.0.1 gave a digest that is none", await ProblemOfAsync($"{server.Host}/tool:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_none_is_told_the_manifest_is_read_and_hashed()
    {
        await using var server = await TestServer.StartAsync(context => AnswerAsync(context, MediaType, null, Manifest));

        Assert.Equal(ManifestDigest, await DigestOfAsync($"{server.Host}/tool:1"));
        Assert.Equal(["HEAD /v2/tool/manifests/1", "GET /v2/tool/manifests/1"], server.Requests.Select(it => it.Request));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_are_not_what_their_digest_says_are_refused(bool inHead)
    {
        var other = Digest.Of("other").ToString();
        await using var server = await TestServer.StartAsync(
            context => AnswerAsync(context, inHead ? "application/json" : MediaType, inHead || context.Request.Method == "GET" ? other : null, Manifest));

        Assert.Contains("gave other bytes than its digest says", await ProblemOfAsync($"{server.Host}/tool:1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "gave a manifest that is none")]
    [InlineData("[]", "gave a manifest that is none")]
    [InlineData("""{"schemaVersion":1,"fsLayers":[]}""", "gave a manifest that is not an image's")]
    [InlineData("""{"manifests":[{"digest":"sha256:x","mediaType":"application/vnd.oci.image.manifest.v1+json","platform":{"os":"linux","architecture":"amd64"}}]}""", "gave an index that names no image")]
    [InlineData("""{"manifests":[{"platform":7}]}""", "gave a manifest that is none")]
    [InlineData("""{"manifests":[]}""", "is not there for linux/amd64")]
    public async Task What_is_no_image_is_told(string manifest, string problem)
    {
        await using var server = await TestServer.StartAsync(context => AnswerAsync(context, "application/json", null, manifest));

        Assert.Contains(problem, await ProblemOfAsync($"{server.Host}/tool:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_do_not_end_are_cut_off()
    {
        await using var headers = await TestServer.StartAsync(context =>
        {
            context.Response.Headers["X-Much"] = new string('x', 100_000);
            return AnswerAsync(context, MediaType, ManifestDigest, Manifest);
        });
        await using var bodies = await TestServer.StartAsync(context => AnswerAsync(context, "application/json", null, new string('x', 5_000_000)));

        Assert.Contains("gave an answer that is not HTTP, or too long", await ProblemOfAsync($"{headers.Host}/tool:1"), StringComparison.Ordinal);
        Assert.Contains("gave an answer that is too long", await ProblemOfAsync($"{bodies.Host}/tool:1"), StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(HttpContext context, string mediaType, string? digest, string body)
    {
        context.Response.ContentType = mediaType;
        if (digest is not null)
        {
            context.Response.Headers["Docker-Content-Digest"] = digest;
        }

        if (context.Request.Method == "GET")
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        }
    }
}
