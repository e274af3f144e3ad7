using System.Text;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>What a mirror keeps, and what it does when something is missing.</summary>
public sealed class MirrorTests : IDisposable
{
    private readonly TestMirrors _mirrors = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _mirrors.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_shallow_clone_is_read_and_once_it_is_whole_so_is_its_mirror()
    {
        using var origin = await TestRepository.CreateAsync(("d/f", "1"));
        var first = CommitId.Parse(await origin.GitAsync("rev-parse", "HEAD"));
        await origin.CommitAsync(("d/f", "2"));
        var third = await origin.CommitAsync(("g", "3"));
        var shallow = _folder["shallow"];
        await origin.GitAsync("clone", "--quiet", "--depth", "1", "file://" + origin.Path, shallow);
        var repository = await _mirrors.OpenAsync(shallow);

        var cut = await repository.ResolveAsync(third, default);
        var files = (await repository.ReadRevisionAsync(cut.Commit, default)).Files;
        var ancestorsWhenCut = await repository.AncestorsAsync(cut.Commit, default).ToListAsync();
        var changesWhenCut = await repository.LastChangesAsync(cut.Commit, RepoPath.Trusted("d"), new HashSet<RepoPath> { RepoPath.Trusted("d/f") }, default);
        await origin.GitAsync("-C", shallow, "fetch", "--quiet", "--unshallow");
        var whole = await repository.ResolveAsync(null, default);

        Assert.Equal("main", whole.Name);
        Assert.Equal(cut.Commit, whole.Commit);
        Assert.Equal(["d/f", "g"], files.Select(file => file.Path.Value));
        Assert.Single(ancestorsWhenCut);
        Assert.Empty(changesWhenCut);
        Assert.Equal(first, (await repository.AncestorsAsync(whole.Commit, default).ToListAsync())[2]);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("HEAD^")]
    [InlineData("HEAD^{tree}")]
    [InlineData("HEAD:folder")]
    [InlineData("HEAD:folder/f")]
    public async Task What_a_mirror_has_lost_is_fetched_again(string lost)
    {
        using var origin = await TestRepository.CreateAsync(("g", "1"));
        await origin.CommitAsync(("folder/f", "2"));
        var repository = await _mirrors.OpenAsync(origin);
        await repository.ResolveAsync(null, default);
        File.Delete(_mirrors.ObjectFile(await origin.GitAsync("rev-parse", lost)));

        var commit = (await repository.ResolveAsync(await origin.GitAsync("rev-parse", "HEAD"), default)).Commit;

        Assert.Equal(2, (await repository.AncestorsAsync(commit, default).ToListAsync()).Count);
        Assert.Equal("2", await ReadAsync(repository, commit, "folder/f"));
    }

    [Fact]
    public async Task What_a_mirror_has_lost_for_good_is_told_with_what_to_do()
    {
        var origin = await TestRepository.CreateAsync(("f", "1"));
        var repository = await _mirrors.OpenAsync(origin);
        var commit = (await repository.ResolveAsync(null, default)).Commit;
        File.Delete(_mirrors.ObjectFile(await origin.GitAsync("rev-parse", "HEAD:f")));
        origin.Dispose();

        var lost = await Assert.ThrowsAsync<SluiceException>(() => ReadAsync(repository, commit, "f"));

        Assert.Equal("git-mirror-damaged", lost.Code);
        Assert.Contains("git/" + Path.GetFileName(_mirrors.Folder), lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_came_without_its_files_is_fetched_whole_before_it_is_kept()
    {
        using var origin = await TestRepository.CreateAsync(("f", "1"));
        var repository = await _mirrors.OpenAsync(origin);
        await repository.ResolveAsync(null, default);
        var next = await origin.CommitAsync(("f", "2"));
        var file = _mirrors.ObjectFile(next);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(Path.Combine(origin.Path, ".git", "objects", next[..2], next[2..]), file);

        var commit = (await repository.ResolveAsync(next, default)).Commit;

        Assert.Equal("2", await ReadAsync(repository, commit, "f"));
    }

    [Fact]
    public async Task A_commit_that_never_was_here_is_no_reason_to_fetch_all_again()
    {
        using var origin = await TestRepository.CreateAsync(("f", "1"));
        var repository = await _mirrors.OpenAsync(origin);
        await repository.ResolveAsync(null, default);
        var next = CommitId.Parse(await origin.CommitAsync(("f", "2")));

        var unknown = await Assert.ThrowsAsync<SluiceException>(() => repository.ReadRevisionAsync(next, default));

        Assert.Equal("unknown-commit", unknown.Code);
        Assert.False(File.Exists(_mirrors.ObjectFile(next.Value)));
    }

    [Fact]
    public async Task All_spellings_of_one_address_share_a_mirror_and_take_turns()
    {
        using var origin = await TestRepository.CreateAsync(("f", "0"));
        string[] spellings = [origin.Path, origin.Path + "/", origin.Path + "/.git", origin.Path + "/.git/", "file://" + origin.Path];
        var repositories = await Task.WhenAll(spellings.Select(_mirrors.OpenAsync));
        for (var round = 1; round <= 5; round++)
        {
            var commit = await origin.CommitAsync(("f", $"{round}"));
            for (var branch = 0; branch < 20; branch++)
            {
                await origin.GitAsync("branch", "--force", $"b{branch}", commit);
            }

            var resolved = await Task.WhenAll(repositories.Select(repository => repository.ResolveAsync("main", default)));

            Assert.All(resolved, found => Assert.Equal(commit, found.Commit.Value));
        }

        Assert.True(Directory.Exists(_mirrors.Folder));
    }

    [Theory]
    [InlineData("sha1", "sha256")]
    [InlineData("sha256", "sha1")]
    public async Task A_repository_made_anew_with_another_hash_does_not_cost_the_commits_that_are_kept(string before, string after)
    {
        using var old = await TestRepository.CreateAsync(before);
        await old.CommitAsync(("f", "1"));
        using var another = await TestRepository.CreateAsync(after);
        await another.CommitAsync(("f", "2"));
        var address = _folder["origin"];
        Directory.CreateSymbolicLink(address, old.Path);
        var repository = await _mirrors.OpenAsync(address);
        var kept = await repository.ResolveAsync(null, default);
        Directory.Delete(address);
        Directory.CreateSymbolicLink(address, another.Path);

        var refused = await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync(null, default));

        Assert.Equal("object-format-changed", refused.Code);
        Assert.Equal(kept.Commit, (await repository.ResolveAsync(kept.Commit.Value, default)).Commit);
        Assert.Equal("1", await ReadAsync(repository, kept.Commit, "f"));
    }

    private static async Task<string> ReadAsync(IRepository repository, CommitId commit, string path)
    {
        var revision = await repository.ReadRevisionAsync(commit, default);
        var bytes = await repository.ReadSmallAsync(revision.Find(RepoPath.Trusted(path))!, 100, default);
        return Encoding.UTF8.GetString(bytes!.Value.Span);
    }
}
