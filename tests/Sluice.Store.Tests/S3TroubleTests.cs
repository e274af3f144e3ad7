using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Core;
using Sluice.Core.Running;
using Sluice.Store.S3;
using Sluice.Testing;

namespace Sluice.Store.Tests;

/// <summary>What a person is told when the S3 server is not as it should be.</summary>
public sealed class S3TroubleTests : IDisposable
{
    private readonly TestBucket _bucket = new();
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task An_unknown_key_is_named()
    {
        _bucket.Options.AccessKey = "nobody";

        Assert.Contains("SLUICE_STORE__ACCESS_KEY", await MessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_named()
    {
        _bucket.Options.SecretKey = "wrong";

        Assert.Contains("SLUICE_STORE__SECRET_KEY", await MessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_named()
    {
        _bucket.Options.Bucket = "t-nowhere";

        Assert.Contains("there is no bucket 't-nowhere'", await MessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_nobody_runs_is_named()
    {
        _bucket.Options.Endpoint = new Uri("http://127.0.0.1:1");

        Assert.Contains("http://127.0.0.1:1: nobody listens there", await MessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_known_is_named()
    {
        _bucket.Options.Endpoint = new Uri("http://nowhere.invalid");

        Assert.Contains("the host is not known here", await MessageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "RequestTimeTooSkewed", "its clock and this machine's differ")]
    [InlineData(403, "AccessDenied", "the access key may not do this")]
    [InlineData(400, "ExpiredToken", "the credential has ended; where a task takes so long, raise SLUICE_ARGO__STORE_LIFETIME")]
    [InlineData(400, "XMinioStorageFull", "it has no space left")]
    [InlineData(409, "OperationAborted", "it answered 409 OperationAborted So it is.")]
    public async Task What_a_server_says_is_told_in_words(int status, string code, string words)
    {
        using var server = new OneAnswerS3(_ => (status, code));
        _bucket.Options.Endpoint = server.Address;

        Assert.Contains(words, await MessageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(501, "NotImplemented")]
    public async Task A_server_without_conditional_puts_is_refused_unless_one_alone_writes(int status, string? code)
    {
        using var server = new OneAnswerS3(request => request.HttpMethod != "PUT" ? (404, "NoSuchKey") : request.Headers["If-None-Match"] is null ? (200, null) : (status, code));
        _bucket.Options.Endpoint = server.Address;

        Assert.Contains("SLUICE_STORE__SINGLE_WRITER=true", await MessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_named()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();
        _bucket.Options.Endpoint = new Uri($"https://{listener.LocalEndpoint}");

        Assert.Contains("its TLS certificate is not trusted", await MessageAsync(), StringComparison.Ordinal);
        listener.Stop();

        // Stopped while it waits for the next client, or right before it does.
        Assert.True(await Record.ExceptionAsync(() => serving) is SocketException or InvalidOperationException);

        async Task ServeAsync()
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = new SslStream(client.GetStream());
                await Assert.ThrowsAnyAsync<Exception>(async () =>
                {
                    await stream.AuthenticateAsServerAsync(certificate);
                    await stream.ReadExactlyAsync(new byte[1]);
                });
            }
        }
    }

    [Fact]
    public async Task One_who_writes_alone_needs_no_conditional_puts()
    {
        _bucket.Options.HasSingleWriter = true;
        var (store, _) = S3StoreServices.Create(new StateFolder(_folder.Path), _bucket.Options, TimeProvider.System);
        var space = await store.OpenAsync(Core.Jobs.JobName.Parse("job"), default);
        var run = Testing.Database.TestRuns.Run();

        await space.PutRunAsync(run.Id, Core.Json.RunJson.Write(run with { Error = "first" }, []), default);
        await space.PutRunAsync(run.Id, Core.Json.RunJson.Write(run with { Error = "second" }, []), default);

        Assert.Equal("first", (await space.FindRunAsync(run.Id, default))!.Run.Error);
    }

    [Fact]
    public async Task A_content_that_breaks_off_time_and_again_is_trouble_of_the_server_and_not_of_a_file()
    {
        var (store, _) = S3StoreServices.Create(new StateFolder(_folder.Path), _bucket.Options, TimeProvider.System);
        using var bytes = new MemoryStream(new byte[8_000_000]);
        var content = await (await store.OpenAsync(Core.Jobs.JobName.Parse("job"), default)).Blobs.PutAsync(bytes, default);
        await using var proxy = new FlakyProxy(TestS3.Endpoint, breaksOneIn: 1, seed: 1);
        _bucket.Options.Endpoint = proxy.Address;
        var work = S3StoreServices.OpenWork(_bucket.Options, Core.Jobs.JobName.Parse("job"), RunId.New(DateTimeOffset.UnixEpoch));

        var trouble = await Assert.ThrowsAsync<SluiceException>(() => work.Contents.StageAsync(content, _folder["staged"], UnixFileMode.UserRead, default));

        Assert.Equal(FaultKind.Unavailable, trouble.Kind);
        Assert.False(File.Exists(_folder["staged"]));
    }

    public void Dispose()
    {
        _bucket.Dispose();
        _folder.Dispose();
    }

    private async Task<string> MessageAsync()
    {
        var (store, _) = S3StoreServices.Create(new StateFolder(_folder.Path), _bucket.Options, TimeProvider.System);
        return (await Assert.ThrowsAsync<SluiceException>(() => store.OpenAsync(Core.Jobs.JobName.Parse("job"), default))).Message;
    }
}
