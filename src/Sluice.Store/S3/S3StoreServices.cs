using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.S3;

/// <summary>What a host registers.</summary>
public static class S3StoreServices
{
    private const int MaxRetries = 6;

    /// <summary>Longest time of one request; the largest one carries a part of some 64 MB, or waits for a copy of 5 GB.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(5);

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
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = options.Region;
            config.UseHttp = endpoint.Scheme == "http";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKey is { } key
            ? new AmazonS3Client(new BasicAWSCredentials(key, options.SecretKey ?? ""), config)
            : new AmazonS3Client(config);
    }
}
