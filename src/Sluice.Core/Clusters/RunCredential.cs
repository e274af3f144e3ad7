namespace Sluice.Core.Clusters;

/// <summary>A credential of the store for the pods of one run, good for a time. Never printed.</summary>
/// <param name="AccessKey">The access key.</param>
/// <param name="SecretKey">The secret key to it.</param>
/// <param name="SessionToken">What the server needs beside both.</param>
public sealed record RunCredential(string AccessKey, string SecretKey, string SessionToken)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(RunCredential);
}
