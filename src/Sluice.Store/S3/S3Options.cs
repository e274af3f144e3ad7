namespace Sluice.Store.S3;

/// <summary>Where results are kept on S3 (<c>SLUICE_STORE__…</c>). Read and checked with all other settings.</summary>
public sealed class S3Options
{
    /// <summary>Whether the copy under a commit holds its data too, not only its record.</summary>
    public bool PublishData { get; set; } = true;

    /// <summary>The address of the server; null is AWS.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The region; what servers without regions expect is the default.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>One bucket for all jobs, each below a prefix of its name; null is a bucket per job, called like it.</summary>
    public string? Bucket { get; set; }

    /// <summary>The access key; null takes what the environment offers: AWS variables, a web identity, the machine's role.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret key to it.</summary>
    public string? SecretKey { get; set; }

    /// <summary>What the server needs beside both, where they are good for a time only.</summary>
    public string? SessionToken { get; set; }

    /// <summary>Whether the bucket is part of the path and not of the host name; null is yes for every server but AWS.</summary>
    public bool? UsesPathStyle { get; set; }

    /// <summary>Whether nobody else writes to the store: then the server need not know conditional puts.</summary>
    public bool HasSingleWriter { get; set; }
}
