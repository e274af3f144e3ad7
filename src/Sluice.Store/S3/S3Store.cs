using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Store.S3;

/// <summary>The store on S3: a bucket per job, or one bucket with a prefix per job.</summary>
internal sealed partial class S3Store(IAmazonS3 client, S3Options options, string spool, TimeProvider time) : IStore, IDisposable
{
    private readonly Dictionary<JobName, JobStore> _open = [];
    private readonly SemaphoreSlim _turn = new(1, 1);

    private string Server => options.Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"AWS {options.Region}";

    /// <inheritdoc/>
    public async Task<IJobStore> OpenAsync(JobName job, CancellationToken cancellationToken) => await OpenSpaceAsync(job, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobName>> ListJobsAsync(CancellationToken cancellationToken)
    {
        var jobs = new List<JobName>();
        foreach (var name in options.Bucket is null ? await ListBucketsAsync(cancellationToken) : await new S3Bucket(client, Server, options.Bucket, "").ListFoldersAsync(cancellationToken))
        {
            if (JobName.TryParse(name, out var job) && await IsSpaceAsync(BucketOf(job), cancellationToken))
            {
                jobs.Add(job);
            }
        }

        return [.. jobs.OrderBy(job => job.Value, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public Task ClearLeftoversAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(spool))
        {
            Directory.Delete(spool, recursive: true);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        _turn.Dispose();
    }

    internal async Task<JobStore> OpenSpaceAsync(JobName job, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_open.TryGetValue(job, out var store))
            {
                var bucket = BucketOf(job);
                await PrepareAsync(bucket, job, cancellationToken);
                _open[job] = store = new JobStore(job, new S3Space(bucket, options, spool, time));
            }

            return store;
        }
        finally
        {
            _turn.Release();
        }
    }

    private S3Bucket BucketOf(JobName job) => options.Bucket is { } one
        ? new S3Bucket(client, Server, one, job.Value + "/")
        : new S3Bucket(client, Server, job.Value, "");

    // A bucket of somebody else's that may not be read is none of a job's.
    private static async Task<bool> IsSpaceAsync(S3Bucket bucket, CancellationToken cancellationToken)
    {
        try
        {
            return await bucket.ReadAsync(SpaceNames.Format, maxBytes: null, cancellationToken) is not null;
        }
        catch (SluiceException exception) when (exception.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden })
        {
            return false;
        }
    }

    private async Task PrepareAsync(S3Bucket bucket, JobName job, CancellationToken cancellationToken)
    {
        await EnsureBucketAsync(bucket, job, cancellationToken);
        var format = Encoding.UTF8.GetBytes(SpaceNames.FormatVersion + "\n");
        var version = await bucket.ReadAsync(SpaceNames.Format, maxBytes: null, cancellationToken);
        if (version is not null && !version.AsSpan().SequenceEqual(format))
        {
            throw new SluiceException(
                FaultKind.Conflict,
                "newer-store",
                $"The stored results of job '{job}' have the layout '{Encoding.UTF8.GetString(version).Trim()}', which this release does not know; use the release that wrote them.");
        }

        // Whoever else puts it at the same time puts the same.
        using var stream = new MemoryStream(format, writable: false);
        if (version is null)
        {
            await bucket.PutAsync(SpaceNames.Format, stream, seal: null, onlyNew: false, cancellationToken);
        }

        if (!options.HasSingleWriter)
        {
            await CheckConditionalPutAsync(bucket, stream, cancellationToken);
        }
    }

    private async Task EnsureBucketAsync(S3Bucket bucket, JobName job, CancellationToken cancellationToken)
    {
        if (options.Bucket is not null)
        {
            return;
        }

        if (!BucketName().IsMatch(job.Value))
        {
            throw new SluiceException(
                FaultKind.BadRequest,
                "invalid-job-name",
                $"job_name: '{job}' cannot be the name of a bucket (3 to 63 of a-z, 0-9 and '-', a letter or digit at either end); use another, or one bucket for all jobs with SLUICE_STORE__BUCKET.");
        }

        await bucket.CallAsync(async () =>
        {
            try
            {
                await client.GetBucketLocationAsync(new GetBucketLocationRequest { BucketName = bucket.Name }, cancellationToken);
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchBucket")
            {
                await client.PutBucketAsync(new PutBucketRequest { BucketName = bucket.Name }, cancellationToken);
            }

            return true;
        });
    }

    // The file is there: a server that knows conditional puts says so, and any other puts it again, which changes nothing.
    private async Task CheckConditionalPutAsync(S3Bucket bucket, MemoryStream format, CancellationToken cancellationToken)
    {
        bool isPut;
        try
        {
            format.Position = 0;
            isPut = await bucket.PutAsync(SpaceNames.Format, format, seal: null, onlyNew: true, cancellationToken);
        }
        catch (SluiceException exception) when (exception.InnerException is AmazonS3Exception { ErrorCode: "NotImplemented" })
        {
            isPut = true;
        }

        if (isPut)
        {
            throw new SluiceException(
                FaultKind.BadGateway,
                "no-conditional-put",
                $"the store {Server} does not know conditional puts (If-None-Match), so that two writers could overwrite each other's records; use another server or release of it or, where only one service ever writes, SLUICE_STORE__SINGLE_WRITER=true.");
        }
    }

    private async Task<IReadOnlyList<string>> ListBucketsAsync(CancellationToken cancellationToken)
    {
        var all = await new S3Bucket(client, Server, "", "").CallAsync(() => client.ListBucketsAsync(new ListBucketsRequest(), cancellationToken));
        return [.. (all.Buckets ?? []).Select(bucket => bucket.BucketName)];
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
