using Sluice.Core;
using Sluice.Core.Revisions;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>Symbolic links: followed as a file system would, inside the tree only, and never dropped without a word.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly TestMirrors _mirrors = new();

    public void Dispose() => _mirrors.Dispose();

    [Fact]
    public async Task Links_below_a_linked_folder_are_followed_too()
    {
        using var origin = await TestRepository.CreateAsync(("data/v/f", "1"), ("data/w/sub/g", "2"));
        Link(origin, "data/v/latest", "f");
        Link(origin, "data/v/other", "../w");
        Link(origin, "data/cur", "v");
        Link(origin, "again", "data/cur/other/sub");

        var revision = await ReadAsync(origin);

        Assert.Equal(
            ["again/g", "data/cur/f", "data/cur/latest", "data/cur/other/sub/g", "data/v/f", "data/v/latest", "data/v/other/sub/g", "data/w/sub/g"],
            revision.Files.Select(file => file.Path.Value));
        Assert.All(revision.Files, file => Assert.True(file.IsReadable));
        Assert.Empty(revision.Warnings);
    }

    [Fact]
    public async Task Links_that_lead_out_nowhere_or_in_a_circle_stay_links_and_are_warned_of()
    {
        using var origin = await TestRepository.CreateAsync(("a/f", "1"), ("b/g", "2"));
        Link(origin, "a/b", "../b");
        Link(origin, "b/a", "../a");
        Link(origin, "src/helper.py", "../../shared/helper.py");
        Link(origin, "src/loop", "loop");

        var revision = await ReadAsync(origin);

        Assert.Equal(
            ["a/b/a/b Symlink", "a/b/a/f Regular", "a/b/g Regular", "a/f Regular", "b/a/b/a Symlink", "b/a/b/g Regular", "b/a/f Regular", "b/g Regular", "src/helper.py Symlink", "src/loop Symlink"],
            revision.Files.Select(file => $"{file.Path} {file.Kind}"));
        Assert.Equal(
            ["4 symbolic link(s) of the repository lead out of it, nowhere or in a circle; they are ignored: a/b/a/b, b/a/b/a, src/helper.py, …"],
            revision.Warnings);
    }

    [Fact]
    public async Task Links_that_multiply_beyond_measure_are_refused()
    {
        using var origin = await TestRepository.CreateAsync(("d24/f", "1"));
        for (var folder = 0; folder < 24; folder++)
        {
            Link(origin, $"d{folder}/a", $"../d{folder + 1}");
            Link(origin, $"d{folder}/b", $"../d{folder + 1}");
        }

        var refused = await Assert.ThrowsAsync<SluiceException>(() => ReadAsync(origin));

        Assert.Equal("too-many-links", refused.Code);
    }

    [Fact]
    public async Task A_chain_of_linked_folders_is_as_deep_as_a_file_system_would_go()
    {
        using var origin = await TestRepository.CreateAsync(("d60/f", "1"));
        for (var folder = 0; folder < 60; folder++)
        {
            Link(origin, $"d{folder}/n", $"../d{folder + 1}");
        }

        var revision = await ReadAsync(origin);

        Assert.Contains(revision.Files, file => file.Path.Value == "d20/" + string.Concat(Enumerable.Repeat("n/", 40)) + "f");
        Assert.DoesNotContain(revision.Files, file => file.Path.Value == "d19/" + string.Concat(Enumerable.Repeat("n/", 41)) + "f");
        Assert.NotEmpty(revision.Warnings);
    }

    private static void Link(TestRepository origin, string path, string target)
    {
        var full = Path.Combine(origin.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, target);
    }

    private async Task<Revision> ReadAsync(TestRepository origin)
    {
        await origin.CommitAsync();
        var repository = await _mirrors.OpenAsync(origin);
        return await repository.ReadRevisionAsync((await repository.ResolveAsync(null, default)).Commit, default);
    }
}
