using System.Text;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>Contents that git has only a pointer to.</summary>
public sealed class LfsTests : IDisposable
{
    private readonly TestMirrors _mirrors = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _mirrors.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_small_file_is_read_behind_its_pointer_within_the_limit()
    {
        using var origin = await CreateAsync("params.yaml", "lr: 1\n");
        var (repository, file) = await FindAsync(origin.Path, "params.yaml");

        var read = await repository.ReadSmallAsync(file, maxBytes: 6, default);
        var tooLarge = await repository.ReadSmallAsync(file, maxBytes: 5, default);

        Assert.Equal("lr: 1\n", Encoding.UTF8.GetString(read!.Value.Span));
        Assert.Null(tooLarge);
    }

    [Fact]
    public async Task A_linked_worktree_has_the_contents_of_its_repository()
    {
        using var origin = await CreateAsync("data/big.bin", "large");
        var worktree = _folder["worktree"];
        await origin.GitAsync("worktree", "add", "--quiet", "--detach", worktree);
        var (repository, file) = await FindAsync(worktree, "data/big.bin");

        var read = await repository.ReadSmallAsync(file, maxBytes: 100, default);

        Assert.Equal("large", Encoding.UTF8.GetString(read!.Value.Span));
    }

    [Fact]
    public async Task A_content_that_was_not_pushed_is_named()
    {
        using var origin = await CreateAsync("params.yaml", "lr: 1\n");
        Directory.Delete(Path.Combine(origin.Path, ".git", "lfs"), recursive: true);
        var (repository, file) = await FindAsync(origin.Path, "params.yaml");

        var missing = await Assert.ThrowsAsync<SluiceException>(() => repository.ReadSmallAsync(file, 100, default));

        Assert.Equal("lfs-object-missing", missing.Code);
        Assert.Contains("params.yaml", missing.Message, StringComparison.Ordinal);
    }

    private static async Task<TestRepository> CreateAsync(string path, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var hex = Digest.Of(bytes).Hex;
        var origin = await TestRepository.CreateAsync((path, $"version https://git-lfs.github.com/spec/v1\noid sha256:{hex}\nsize {bytes.Length}\n"));
        origin.Write($".git/lfs/objects/{hex[..2]}/{hex[2..4]}/{hex}", content);
        return origin;
    }

    private async Task<(IRepository Repository, RevisionFile File)> FindAsync(string address, string path)
    {
        var repository = await _mirrors.OpenAsync(address);
        var revision = await repository.ReadRevisionAsync((await repository.ResolveAsync(null, default)).Commit, default);
        return (repository, revision.Find(RepoPath.Trusted(path))!);
    }
}
