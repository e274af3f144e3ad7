using Sluice.Core;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>Which commit a ref names.</summary>
public sealed class RefTests : IDisposable
{
    private readonly TestMirrors _mirrors = new();

    public void Dispose() => _mirrors.Dispose();

    [Fact]
    public async Task The_default_branch_is_the_one_that_HEAD_names()
    {
        using var origin = await TestRepository.CreateAsync(("f", "1"));
        await origin.GitAsync("checkout", "--quiet", "-b", "aaa");
        var repository = await _mirrors.OpenAsync(origin);

        var own = await repository.ResolveAsync(null, default);
        await origin.GitAsync("checkout", "--quiet", "--detach");
        var detached = await repository.ResolveAsync(null, default);

        Assert.Equal("aaa", own.Name);
        Assert.Equal("main", detached.Name);
    }

    [Fact]
    public async Task A_commit_that_is_on_no_branch_any_more_is_found_by_its_whole_id()
    {
        using var origin = await TestRepository.CreateAsync(("f", "1"));
        var amended = await origin.GitAsync("rev-parse", "HEAD");
        await origin.GitAsync("commit", "--quiet", "--amend", "--message", "another");
        var repository = await _mirrors.OpenAsync(origin);

        var resolved = await repository.ResolveAsync(amended, default);

        Assert.Equal(amended, resolved.Commit.Value);
        Assert.Single((await repository.ReadRevisionAsync(resolved.Commit, default)).Files);
        Assert.Equal(
            "unknown-ref", (await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync(new string('a', 40), default))).Code);
    }

    [Fact]
    public async Task A_known_commit_is_found_by_its_short_id_although_the_origin_has_vanished()
    {
        var origin = await TestRepository.CreateAsync(("f", "1"));
        var repository = await _mirrors.OpenAsync(origin);
        var known = (await repository.ResolveAsync(null, default)).Commit;
        var name = known.Value[..12];
        await origin.GitAsync("tag", known.Value[..8]);
        await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync("nope", default));
        origin.Dispose();

        var resolved = await repository.ResolveAsync(name, default);

        Assert.Equal((known, name), (resolved.Commit, resolved.Name));
        await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync(known.Value[..8], default));
        await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync("abcdef0", default));
    }
}
