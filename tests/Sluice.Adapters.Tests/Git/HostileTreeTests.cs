using System.Text;
using Sluice.Core;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>Trees that git itself would not write.</summary>
public sealed class HostileTreeTests : IDisposable
{
    private readonly TestMirrors _mirrors = new();

    public void Dispose() => _mirrors.Dispose();

    [Fact]
    public async Task A_name_that_comes_twice_counts_once_and_is_warned_of()
    {
        using var origin = await TestRepository.CreateAsync(("f", "1"));
        File.CreateSymbolicLink(Path.Combine(origin.Path, "link"), "f");
        await origin.CommitAsync();
        var (file, link) = (await origin.GitAsync("rev-parse", "HEAD:f"), await origin.GitAsync("rev-parse", "HEAD:link"));
        await CommitTreeAsync(origin, await WriteTreeAsync(origin, ("100644", "f", file), ("100644", "f", file), ("120000", "link", link)));
        var repository = await _mirrors.OpenAsync(origin);

        var revision = await repository.ReadRevisionAsync((await repository.ResolveAsync(null, default)).Commit, default);

        Assert.Equal(["f", "link"], revision.Files.Select(found => found.Path.Value));
        Assert.Contains("come twice", Assert.Single(revision.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_trees_that_list_as_billions_of_files_are_refused()
    {
        using var origin = await TestRepository.CreateAsync(("f", "1"));
        var (mode, inner) = ("100644", await origin.GitAsync("rev-parse", "HEAD:f"));
        for (var level = 0; level < 10; level++)
        {
            inner = await WriteTreeAsync(origin, [.. Enumerable.Range(0, 10).Select(number => (mode, $"{number}", inner))]);
            mode = "40000";
        }

        await CommitTreeAsync(origin, inner);
        var repository = await _mirrors.OpenAsync(origin);
        var commit = (await repository.ResolveAsync(null, default)).Commit;

        var refused = await Assert.ThrowsAsync<SluiceException>(() => repository.ReadRevisionAsync(commit, default));

        Assert.Equal("repository-too-large", refused.Code);
    }

    private static async Task<string> WriteTreeAsync(TestRepository origin, params (string Mode, string Name, string Id)[] entries)
    {
        var tree = entries.SelectMany(entry => Encoding.UTF8.GetBytes($"{entry.Mode} {entry.Name}\0").Concat(Convert.FromHexString(entry.Id)));
        await File.WriteAllBytesAsync(Path.Combine(origin.Path, ".git", "tree"), [.. tree]);
        return await origin.GitAsync("hash-object", "--literally", "-t", "tree", "-w", ".git/tree");
    }

    private static async Task CommitTreeAsync(TestRepository origin, string tree) =>
        await origin.GitAsync("update-ref", "refs/heads/main", await origin.GitAsync("commit-tree", "-m", "made", tree));
}
