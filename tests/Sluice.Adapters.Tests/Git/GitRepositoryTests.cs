using System.Text;
using Sluice.Adapters.Git;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

public sealed class GitRepositoryTests : IDisposable
{
    private readonly TempFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("https://Example.test/team/job.git/", "example.test/team/job")]
    [InlineData("https://user:secret@example.test/team/job", "example.test/team/job")]
    [InlineData("https://example.test:443/team/job", "example.test/team/job")]
    [InlineData("ssh://git@example.test/team/job.git", "example.test/team/job")]
    [InlineData("git@example.test:team/job.git", "example.test/team/job")]
    public void Addresses_of_one_repository_have_one_identity_and_no_secret(string address, string identity)
    {
        var url = Repositories().Parse(address);

        Assert.Equal(identity, url.Identity);
        Assert.DoesNotContain("secret", url.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ext::sh -c id")]
    [InlineData("--upload-pack=id")]
    [InlineData("-oProxyCommand=id")]
    [InlineData("ssh://-oProxyCommand=id/x")]
    [InlineData("git@-oProxyCommand=id:x")]
    [InlineData("https://example.test/-x/y")]
    [InlineData("https://example.test/x?y=z")]
    [InlineData("http://example.test/x")]
    [InlineData("ftp://example.test/x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://example.test/x\ny")]
    [InlineData("relative/path")]
    public void Hostile_addresses_are_refused(string address)
    {
        var refused = Assert.Throws<SluiceException>(() => Repositories().Parse(address));

        Assert.Equal(FaultKind.BadRequest, refused.Kind);
    }

    [Fact]
    public async Task Local_folders_need_permission()
    {
        using var repository = await TestRepository.CreateAsync(("f", "x"));

        Assert.Throws<SluiceException>(() => Repositories(allowLocal: false).Parse(repository.Path));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("HEAD^{/x}")]
    [InlineData("main@{1}")]
    [InlineData("x:y")]
    [InlineData("x.lock")]
    public async Task Hostile_refs_are_refused(string reference)
    {
        using var origin = await TestRepository.CreateAsync(("f", "x"));
        var repository = await OpenAsync(origin);

        var refused = await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync(reference, default));

        Assert.Equal("invalid-ref", refused.Code);
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task Branches_tags_commits_and_the_default_are_resolved(string format)
    {
        using var origin = await TestRepository.CreateAsync(format);
        var first = await origin.CommitAsync(("f", "1"));
        await origin.GitAsync("tag", "-a", "v1", "-m", "v1");
        await origin.GitAsync("branch", "feature/ünïcode");
        var second = await origin.CommitAsync(("f", "2"));
        var repository = await OpenAsync(origin);

        Assert.Equal((second, "main"), await ResolveAsync(null));
        Assert.Equal((first, "v1"), await ResolveAsync("v1"));
        Assert.Equal((first, "feature/ünïcode"), await ResolveAsync("feature/ünïcode"));
        Assert.Equal((first, first), await ResolveAsync(first));
        Assert.Equal((first, first[..10]), await ResolveAsync(first[..10]));
        Assert.Equal("unknown-ref", (await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync("nope", default))).Code);

        async Task<(string, string)> ResolveAsync(string? reference)
        {
            var resolved = await repository.ResolveAsync(reference, default);
            return (resolved.Commit.Value, resolved.Name);
        }
    }

    [Fact]
    public async Task An_empty_repository_and_a_missing_one_are_told_apart()
    {
        using var origin = await TestRepository.CreateAsync();
        var empty = await OpenAsync(origin);
        var repositories = Repositories();
        var missing = await repositories.OpenAsync(repositories.Parse("/no/such/folder"), default);

        Assert.Equal("empty-repository", (await Assert.ThrowsAsync<SluiceException>(() => empty.ResolveAsync(null, default))).Code);
        Assert.Equal("repository-not-found", (await Assert.ThrowsAsync<SluiceException>(() => missing.ResolveAsync(null, default))).Code);
    }

    [Fact]
    public async Task Known_commits_outlive_a_force_push_and_the_origin_itself()
    {
        var origin = await TestRepository.CreateAsync(("f", "1"));
        var repository = await OpenAsync(origin);
        var first = await repository.ResolveAsync(null, default);
        await origin.GitAsync("commit", "--quiet", "--amend", "--message", "another");
        var second = await repository.ResolveAsync(null, default);
        origin.Dispose();

        Assert.NotEqual(first.Commit, second.Commit);
        Assert.Single((await repository.ReadRevisionAsync(first.Commit, default)).Files);
        Assert.Equal(first.Commit, (await repository.ResolveAsync(first.Commit.Value, default)).Commit);
        Assert.Equal("repository-not-found", (await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync("main", default))).Code);
    }

    [Fact]
    public async Task Names_modes_links_and_contents_are_read_as_they_are()
    {
        using var origin = await TestRepository.CreateAsync(("a b/ü.txt", "ü"), ("run.sh", "x"), ("dir/f", "deep"));
        File.SetUnixFileMode(Path.Combine(origin.Path, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(origin.Path, "inside"), "dir/../run.sh");
        File.CreateSymbolicLink(Path.Combine(origin.Path, "folder"), "dir");
        File.CreateSymbolicLink(Path.Combine(origin.Path, "outside"), "../../etc/passwd");
        File.CreateSymbolicLink(Path.Combine(origin.Path, "absolute"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(origin.Path, "loop"), "loop");
        await origin.CommitAsync();
        var repository = await OpenAsync(origin);
        var revision = await repository.ReadRevisionAsync((await repository.ResolveAsync(null, default)).Commit, default);
        var texts = new Dictionary<string, string>();
        await repository.ReadContentsAsync([.. revision.Files.Where(file => file.IsReadable)], ReadAsync, default);

        Assert.Equal(
            ["a b/ü.txt Regular", "absolute Symlink", "dir/f Regular", "folder/f Regular", "inside Executable", "loop Symlink", "outside Symlink", "run.sh Executable"],
            revision.Files.Select(file => $"{file.Path} {file.Kind}"));
        Assert.Equal("ü", texts[revision.Find(RepoPath.Trusted("a b/ü.txt"))!.BlobId]);
        Assert.Equal(TimeSpan.FromHours(2), revision.CommitDate.Offset);

        async Task ReadAsync(string id, GitContent content, CancellationToken token)
        {
            using var reader = new StreamReader(await content.OpenAsync(token));
            texts[id] = await reader.ReadToEndAsync(token);
        }
    }

    [Fact]
    public async Task An_lfs_pointer_stands_for_its_content()
    {
        var content = Encoding.UTF8.GetBytes("large");
        var digest = Digest.Of(content);
        using var origin = await TestRepository.CreateAsync(
            ("big.bin", $"version https://git-lfs.github.com/spec/v1\noid sha256:{digest.Hex}\nsize {content.Length}\n"));
        var store = Path.Combine(origin.Path, ".git", "lfs", "objects", digest.Hex[..2], digest.Hex[2..4]);
        var repository = await OpenAsync(origin);
        var revision = await repository.ReadRevisionAsync((await repository.ResolveAsync(null, default)).Commit, default);

        BlobInfo? known = null;
        await repository.ReadContentsAsync(revision.Files, (_, given, _) => Task.FromResult(known = given.Known), default);
        var missing = await Assert.ThrowsAsync<SluiceException>(() => ReadAsync());
        Directory.CreateDirectory(store);
        await File.WriteAllBytesAsync(Path.Combine(store, digest.Hex), content);
        var read = await ReadAsync();
        await File.WriteAllBytesAsync(Path.Combine(store, digest.Hex), Encoding.UTF8.GetBytes("lorge"));
        var damaged = await Assert.ThrowsAsync<SluiceException>(() => ReadAsync());

        Assert.Equal(new BlobInfo(digest, content.Length), known);
        Assert.Equal("lfs-object-missing", missing.Code);
        Assert.Equal(content, read);
        Assert.Equal("lfs-object-damaged", damaged.Code);

        async Task<byte[]> ReadAsync()
        {
            using var buffer = new MemoryStream();
            await repository.ReadContentsAsync(
                revision.Files,
                async (_, given, token) =>
                {
                    await using var stream = await given.OpenAsync(token);
                    await stream.CopyToAsync(buffer, token);
                },
                default);
            return buffer.ToArray();
        }
    }

    [Fact]
    public async Task Ancestors_come_breadth_first_and_changes_from_the_whole_history()
    {
        using var origin = await TestRepository.CreateAsync(("d/f", "1"));
        var first = await origin.GitAsync("rev-parse", "HEAD");
        await origin.GitAsync("switch", "--quiet", "--create", "side");
        var second = await origin.CommitAsync(("d/g", "1"));
        await origin.GitAsync("switch", "--quiet", "main");
        var third = await origin.CommitAsync(("d/f", "2"));
        await origin.GitAsync("merge", "--quiet", "--no-edit", "side");
        var merge = await origin.GitAsync("rev-parse", "HEAD");
        var repository = await OpenAsync(origin);
        var head = (await repository.ResolveAsync(null, default)).Commit;

        var ancestors = await repository.AncestorsAsync(head, default).Select(commit => commit.Value).ToListAsync();
        var changes = await repository.LastChangesAsync(
            head, RepoPath.Trusted("d"), new HashSet<RepoPath> { RepoPath.Trusted("d/f"), RepoPath.Trusted("d/g"), RepoPath.Trusted("d/h") }, default);

        Assert.Equal([merge, third, second, first], ancestors);
        Assert.Equal([("d/f", third), ("d/g", second)], changes.Select(change => (change.Key.Value, change.Value.Value)).Order());
    }

    private async Task<IRepository> OpenAsync(TestRepository origin)
    {
        var repositories = Repositories();
        return await repositories.OpenAsync(repositories.Parse(origin.Path), default);
    }

    private IRepositories Repositories(bool allowLocal = true) =>
        GitServices.CreateRepositories(new GitOptions { AllowLocalPaths = allowLocal }, new StateFolder(_state.Path));
}
