using System.Net;
using Amazon.S3;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Running;
using Sluice.Store.S3;
using Sluice.Testing;

namespace Sluice.Store.Tests;

/// <summary>What a run's own credential opens, by a real server.</summary>
public sealed class S3RunCredentialsTests
{
    private static readonly RunId Run = RunId.New(DateTimeOffset.UnixEpoch);
    private static readonly RunId Other = RunId.New(DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_reads_what_its_job_has_puts_below_its_own_run_and_nothing_else(bool hasOneBucket)
    {
        TestS3.Require();
        var (bucket, others) = (TestS3.NewBucket(), TestS3.NewBucket());
        using var owner = TestS3.Connect();
        await owner.PutBucketAsync(bucket);
        await owner.PutBucketAsync(others);
        var store = TestS3.Options();
        store.Bucket = hasOneBucket ? bucket : null;
        var job = JobName.Parse(hasOneBucket ? "job" : bucket);
        var space = hasOneBucket ? "job/" : "";
        using var pod = TestS3.Connect(await S3StoreServices.CreateRunCredentials(store, new S3RoleOptions { Role = TestS3.Role }).CreateAsync(job, Run, default));
        string[] read =
        [
            ".sluice/cas/sha256/00/0", ".sluice/results/00/0.json", $".sluice/work/{Run}/orders/0.json", $".sluice/work/{Run}/lists/0.json", $".sluice/work/{Run}/claims/0.json",
            $".sluice/work/{Run}/contents/0",
        ];
        string[] put = [$".sluice/work/{Run}/claims/1.json", $".sluice/work/{Run}/reports/0/pod.json", $".sluice/work/{Run}/contents/1"];
        string[] neither =
        [
            ".sluice/format", ".sluice/commits/0/1.json", ".sluice/runs/0.json", ".sluice/held/0/0", $".sluice/work/{Other}/orders/0.json", $".sluice/work/{Other}/claims/0.json",
            $"{Run}/data/o",
        ];
        string[] elsewhere = [$"{others}/.sluice/cas/sha256/00/0", $"{others}/.sluice/work/{Run}/claims/0.json", $"{bucket}/{space}2/.sluice/cas/sha256/00/0", $"{bucket}/job2/.sluice/work/{Run}/claims/0.json"];
        foreach (var name in read.Concat(neither).Select(name => $"{bucket}/{space}{name}").Concat(elsewhere))
        {
            await PutAsync(owner, name);
        }

        Assert.All(await AllAsync(read, name => GetAsync(pod, $"{bucket}/{space}{name}")), it => Assert.Equal("read", it));
        Assert.All(await AllAsync(put, name => PutAsync(pod, $"{bucket}/{space}{name}")), it => Assert.Equal("put", it));
        Assert.All(await AllAsync(neither, name => GetAsync(pod, $"{bucket}/{space}{name}")), it => Assert.Equal("Forbidden", it));
        Assert.All(await AllAsync(neither.Concat(read[..4]), name => PutAsync(pod, $"{bucket}/{space}{name}")), it => Assert.Equal("Forbidden", it));
        Assert.All(await AllAsync(elsewhere, name => GetAsync(pod, name)), it => Assert.Equal("Forbidden", it));
        Assert.All(await AllAsync(elsewhere, name => PutAsync(pod, name)), it => Assert.Equal("Forbidden", it));
        Assert.Equal("Forbidden", await TryAsync(() => pod.ListObjectsV2Async(new() { BucketName = bucket }), "listed"));
        Assert.Equal("Forbidden", await TryAsync(() => pod.DeleteObjectAsync(bucket, $"{space}{put[0]}"), "deleted"));
        Assert.Equal(
            "Forbidden",
            await TryAsync(() => pod.CopyObjectAsync(bucket, $"{space}{neither[1]}", bucket, $"{space}{put[2]}"), "copied"));
    }

    [Theory]
    [InlineData("arn:aws:iam:::role/nobody", 3600, "there is no role 'arn:aws:iam:::role/nobody'")]
    [InlineData(TestS3.Role, 43_200, "check SLUICE_ARGO__STORE_LIFETIME")]
    public async Task A_server_that_refuses_is_told_with_what_to_look_at(string role, int lifetime, string words)
    {
        TestS3.Require();
        var credentials = S3StoreServices.CreateRunCredentials(TestS3.Options(), new S3RoleOptions { Role = role, Lifetime = TimeSpan.FromSeconds(lifetime) });

        var exception = await Assert.ThrowsAsync<SluiceException>(() => credentials.CreateAsync(JobName.Parse("job"), Run, default));

        Assert.Equal(FaultKind.BadGateway, exception.Kind);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_the_role_does_not_trust_gets_none()
    {
        TestS3.Require();
        var store = TestS3.Options();
        (store.AccessKey, store.SecretKey) = (TestS3.PodAccessKey, TestS3.PodSecretKey);
        var credentials = S3StoreServices.CreateRunCredentials(store, new S3RoleOptions { Role = TestS3.Role });

        var exception = await Assert.ThrowsAsync<SluiceException>(() => credentials.CreateAsync(JobName.Parse("job"), Run, default));

        Assert.Equal(FaultKind.BadGateway, exception.Kind);
        Assert.Contains($"it does not let the service take the role '{TestS3.Role}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_an_outage()
    {
        var store = new S3Options { Endpoint = new Uri("http://127.0.0.1:1"), AccessKey = "a", SecretKey = "b" };
        var credentials = S3StoreServices.CreateRunCredentials(store, new S3RoleOptions { Role = TestS3.Role });

        var exception = await Assert.ThrowsAsync<SluiceException>(() => credentials.CreateAsync(JobName.Parse("job"), Run, default));

        Assert.Equal(FaultKind.Unavailable, exception.Kind);
        Assert.Contains("http://127.0.0.1:1: nobody listens there; check SLUICE_STORE__ENDPOINT", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "ServiceUnavailable", FaultKind.Unavailable, "it answered 503 ServiceUnavailable")]
    [InlineData(400, "ThrottlingException", FaultKind.Unavailable, "it answered 400 ThrottlingException")]
    [InlineData(405, "MethodNotAllowed", FaultKind.BadGateway, "check that it has an STS")]
    [InlineData(403, "InvalidClientTokenId", FaultKind.BadGateway, "check SLUICE_STORE__ACCESS_KEY")]
    public async Task What_an_STS_says_is_told_in_words(int status, string code, FaultKind kind, string words)
    {
        using var server = new OneAnswerS3(_ => (status, code));
        var store = new S3Options { Endpoint = new Uri("http://127.0.0.1:1"), AccessKey = "a", SecretKey = "b" };
        var credentials = S3StoreServices.CreateRunCredentials(store, new S3RoleOptions { Role = TestS3.Role, Endpoint = server.Address });

        var exception = await Assert.ThrowsAsync<SluiceException>(() => credentials.CreateAsync(JobName.Parse("job"), Run, default));

        Assert.Equal(kind, exception.Kind);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_policy_is_one_that_STS_takes()
    {
        var policy = S3RunPolicy.Of(new S3Options { Bucket = new string('b', 63) }, "aws-us-gov", JobName.Parse(new string('j', 63)), Run);

        Assert.InRange(policy.Length, 1, 2048);
    }

    private static async Task<string[]> AllAsync(IEnumerable<string> names, Func<string, Task<string>> call) => await Task.WhenAll(names.Select(call));

    private static Task<string> GetAsync(AmazonS3Client client, string name) =>
        TryAsync(async () => (await client.GetObjectAsync(name.Split('/')[0], name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..])).Dispose(), "read");

    // Without a body: this server leaves that of a put that it refuses on the connection, and takes it for the next request.
    private static Task<string> PutAsync(AmazonS3Client client, string name) => TryAsync(
        () => client.PutObjectAsync(new()
        {
            BucketName = name.Split('/')[0],
            Key = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..],
            InputStream = new MemoryStream(),
            UseChunkEncoding = false,
        }),
        "put");

    private static async Task<string> TryAsync(Func<Task> call, string done)
    {
        try
        {
            await call();
            return done;
        }
        catch (AmazonS3Exception exception)
        {
            return exception.StatusCode == HttpStatusCode.Forbidden ? "Forbidden" : exception.ToString();
        }
    }
}
