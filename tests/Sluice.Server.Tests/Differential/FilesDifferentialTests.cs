namespace Sluice.Server.Tests.Differential;

/// <summary>Random jobs and edits with a store on files.</summary>
public sealed class FilesDifferentialTests : DifferentialTests
{
    protected override int Cases => 12;

    protected override Task<(string Name, string Value)[]> SettingsAsync() => Task.FromResult<(string, string)[]>([]);
}
