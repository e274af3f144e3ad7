using Sluice.Testing;

namespace Sluice.Server.Tests.Differential;

/// <summary>Random jobs and edits with a store on S3.</summary>
public sealed class S3DifferentialTests : DifferentialTests
{
    protected override int Cases => 6;

    protected override Task<(string Name, string Value)[]> SettingsAsync() => TestS3.SettingsAsync();
}
