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

    /// <summary>The environment variable with its address.</summary>
    public const string Variable = "SLUICE_TEST_S3";

    /// <summary>Its address.</summary>
    public static Uri Endpoint => new(Address ?? throw new InvalidOperationException("There is no S3 server."));

    private static string? Address => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Skips the test where there is no server.</summary>
    public static void Require() =>
        Assert.SkipWhen(Address is null, $"needs an S3 server: scripts/s3-server.sh start PORT, then {Variable}=http://127.0.0.1:PORT; make test does both");

    /// <summary>Options for the server, with a bucket per job.</summary>
    public static S3Options Options() => new() { Endpoint = Endpoint, AccessKey = AccessKey, SecretKey = SecretKey };

    /// <summary>A name for a bucket that nobody else uses.</summary>
    public static string NewBucket() => "t-" + Guid.NewGuid().ToString("n")[..20];
}
