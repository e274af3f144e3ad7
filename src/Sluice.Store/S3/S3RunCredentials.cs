using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Running;

namespace Sluice.Store.S3;

/// <summary>Asks the server's STS for credentials: a role's rights, cut down to the area of one run by a policy of the session.</summary>
internal sealed class S3RunCredentials(IAmazonSecurityTokenService client, S3Options store, S3RoleOptions options) : IRunCredentials
{
    private const string UsualPartition = "aws";

    /// <inheritdoc/>
    public TimeSpan Lifetime => options.Lifetime;

    private string Server => (options.Endpoint ?? store.Endpoint)?.GetLeftPart(UriPartial.Authority) ?? $"AWS {store.Region}";

    // China and the like have names of their own; other servers take the usual one only, whatever they call their roles.
    private string Partition => options.Role.Split(':') is [_, var partition, ..] && partition.StartsWith(UsualPartition, StringComparison.Ordinal) ? partition : UsualPartition;

    /// <inheritdoc/>
    public async Task<RunCredential> CreateAsync(JobName job, RunId run, CancellationToken cancellationToken)
    {
        var request = new AssumeRoleRequest
        {
            RoleArn = options.Role,
            RoleSessionName = $"sluice-{run}",
            Policy = S3RunPolicy.Of(store, Partition, job, run),
            DurationSeconds = (int)options.Lifetime.TotalSeconds,
        };
        try
        {
            var made = (await client.AssumeRoleAsync(request, cancellationToken)).Credentials;
            return new RunCredential(made.AccessKeyId, made.SecretAccessKey, made.SessionToken);
        }
        catch (Exception exception) when (S3Errors.IsOutside(exception))
        {
            throw S3RoleErrors.Of(exception, Server, options);
        }
    }
}
