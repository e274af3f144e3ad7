using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.S3;

/// <summary>What a host registers.</summary>
public static class S3StoreServices
{
    private const int MaxRetries = 6;

    /// <summary>The run waits meanwhile, and is tried again as a whole.</summary>
    private const int MaxRoleRetries = 2;

    /// <summary>Longest time of one request; the largest one carries a part of some 64 MB, or waits for a copy of 5 GB.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RoleTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The store on S3, and what looks after it. Contents on their way are below the state folder.</summary>
    public static (IStore Store, IStoreMaintenance Maintenance) Create(StateFolder state, S3Options options, TimeProvider time)
    {
        var store = new S3Store(CreateClient(options), options, Path.Combine(state.Root, "spool"), time);
        return (store, new StoreMaintenance(store.OpenSpaceAsync, time));
    }

    /// <summary>The area of one run, for somebody who may do nothing else in the store.</summary>
    /// <param name="options">Where the store is.</param>
    /// <param name="job">The job.</param>
    /// <param name="run">The run.</param>
    public static IRunWork OpenWork(S3Options options, JobName job, RunId run)
    {
        var server = options.Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"AWS {options.Region}";
        var (name, prefix) = options.Bucket is { } one ? (one, job.Value + "/") : (job.Value, "");
        var bucket = new S3Bucket(CreateClient(options), server, name, prefix, mayList: false);
        return new RunWork(new S3Files(bucket, options.HasSingleWriter), new S3RunContents(bucket, run), run);
    }

    /// <summary>What makes credentials for the pods of single runs, with the service's own.</summary>
    /// <param name="store">Where the store is.</param>
    /// <param name="role">Whose rights they get a part of.</param>
    public static IRunCredentials CreateRunCredentials(S3Options store, S3RoleOptions role)
    {
        var config = new AmazonSecurityTokenServiceConfig
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = MaxRoleRetries,
            Timeout = RoleTimeout,
            ConnectTimeout = ConnectTimeout,
        };
        Lead(config, role.Endpoint ?? store.Endpoint, store.Region);
        return new S3RunCredentials(
            CredentialOf(store) is { } own ? new AmazonSecurityTokenServiceClient(own, config) : new AmazonSecurityTokenServiceClient(config), store, role);
    }

    private static AmazonS3Client CreateClient(S3Options options)
    {
        var config = new AmazonS3Config
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = MaxRetries,
            Timeout = RequestTimeout,
            ConnectTimeout = ConnectTimeout,

            // Old servers refuse the SDK's newer checksums; digests are checked on reading in any case.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.UsesPathStyle ?? options.Endpoint is not null,
        };
        Lead(config, options.Endpoint, options.Region);
        return CredentialOf(options) is { } own ? new AmazonS3Client(own, config) : new AmazonS3Client(config);
    }

    private static void Lead(ClientConfig config, Uri? endpoint, string region)
    {
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = region;
            config.UseHttp = endpoint.Scheme == "http";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
    }

    // Null is what the environment offers.
    private static AWSCredentials? CredentialOf(S3Options options) => options switch
    {
        { AccessKey: null } => null,
        { SessionToken: { } token } => new SessionAWSCredentials(options.AccessKey, options.SecretKey ?? "", token),
        _ => new BasicAWSCredentials(options.AccessKey, options.SecretKey ?? ""),
    };
}
