using Amazon.Runtime;
using Amazon.S3;
using Sluice.Core.Clusters;
using Sluice.Store.S3;
using Xunit;

namespace Sluice.Testing;

/// <summary>The real S3 server that <c>make test</c> starts.</summary>
public static class TestS3
{
    /// <summary>The access key that it knows.</summary>
    public const string AccessKey = "sluice";

    /// <summary>The secret key to it.</summary>
    public const string SecretKey = "sluice-secret";

    /// <summary>The access key of a second user, who may do what a bucket's owner lets him: see <see cref="LetPodsInAsync"/>.</summary>
    public const string PodAccessKey = "sluice-pods";

    /// <summary>The secret key to it.</summary>
    public const string PodSecretKey = "sluice-secret-pods";

    /// <summary>A role that the first user may take; it may read and put everywhere.</summary>
    public const string Role = "arn:aws:iam:::role/sluice-run";

    /// <summary>The environment variable with its address.</summary>
    public const string Variable = "TEST_S3_ENDPOINT";

    /// <summary>Its address.</summary>
    public static Uri Endpoint => new(Address ?? throw new InvalidOperationException("There is no S3 server."));

    private static string? Address => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Skips the test where there is no server.</summary>
    public static void Require() =>
        Assert.SkipWhen(Address is null, $"needs an S3 server: scripts/s3-server.sh start PORT, then {Variable}=http://127.0.0.1:PORT; make test does both");

    /// <summary>Options for the server, with a bucket per job.</summary>
    public static S3Options Options() => new() { Endpoint = Endpoint, AccessKey = AccessKey, SecretKey = SecretKey };

    /// <summary>The settings of a service that keeps everything in a bucket of its own there.</summary>
    public static async Task<(string Name, string Value)[]> SettingsAsync()
    {
        Require();
        var bucket = NewBucket();
        using var client = Connect();
        await client.PutBucketAsync(bucket);
        return
        [
            ("SLUICE_STORE__KIND", "s3"), ("SLUICE_STORE__ENDPOINT", Endpoint.ToString()), ("SLUICE_STORE__BUCKET", bucket),
            ("SLUICE_STORE__ACCESS_KEY", AccessKey), ("SLUICE_STORE__SECRET_KEY", SecretKey),
        ];
    }

    /// <summary>
    /// Lets the second user do what pods may, by the policy that docs/operations.md gives. The owner has to be let in too: this server knows no
    /// two users of one account, and what a stranger puts into a bucket is the stranger's.
    /// </summary>
    public static async Task LetPodsInAsync(string bucket)
    {
        using var client = Connect();
        await client.PutBucketPolicyAsync(bucket, $$"""
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/pods"]}, "Action": ["s3:GetObject"],
                  "Resource": ["arn:aws:s3:::{{bucket}}/*/.sluice/cas/*", "arn:aws:s3:::{{bucket}}/*/.sluice/results/*", "arn:aws:s3:::{{bucket}}/*/.sluice/work/*"]
                },
                {
                  "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/pods"]}, "Action": ["s3:PutObject"],
                  "Resource": ["arn:aws:s3:::{{bucket}}/*/.sluice/work/*"]
                },
                {
                  "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/sluice"]}, "Action": ["s3:*"],
                  "Resource": ["arn:aws:s3:::{{bucket}}/*"]
                }
              ]
            }
            """);
    }

    /// <summary>A client of its own, to look behind the store's back.</summary>
    public static AmazonS3Client Connect() =>
        new(new BasicAWSCredentials(AccessKey, SecretKey), new AmazonS3Config { ServiceURL = Endpoint.ToString(), ForcePathStyle = true });

    /// <summary>A client with a credential that is good for a time.</summary>
    public static AmazonS3Client Connect(RunCredential credential) => new(
        new SessionAWSCredentials(credential.AccessKey, credential.SecretKey, credential.SessionToken),
        new AmazonS3Config { ServiceURL = Endpoint.ToString(), ForcePathStyle = true });

    /// <summary>A name for a bucket that nobody else uses.</summary>
    public static string NewBucket() => "t-" + Guid.NewGuid().ToString("n")[..20];
}
