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
