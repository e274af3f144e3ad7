using Sluice.Core;
using Sluice.Core.Results;
using Sluice.Core.Running;
using Sluice.Store.Files;
using Sluice.Testing.Stores;

namespace Sluice.Store.Tests;

/// <summary>The store on files: what every store owes, and what lies where.</summary>
public sealed class FileStoreTests : StoreContract
{
    [Fact]
    public async Task Contents_are_read_only()
    {
        var content = await PutAsync(await OpenAsync(), "x");

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(TestSpace.PathOf(Folder, content)) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
    }

    [Fact]
    public async Task Files_are_taken_where_nobody_else_holds_them_and_nothing_else_is_opened()
    {
        var store = await OpenAsync();
        await File.WriteAllTextAsync(Folder["one"], "one");
        await File.WriteAllTextAsync(Folder["two"], "two");
        File.CreateSymbolicLink(Folder["link"], Folder["two"]);
        using var fifo = System.Diagnostics.Process.Start("mkfifo", [Folder["fifo"]]);
        using var hard = System.Diagnostics.Process.Start("ln", [Folder["two"], Folder["hard"]]);
        await Task.WhenAll(fifo.WaitForExitAsync(), hard.WaitForExitAsync());

        Assert.NotNull(await store.Blobs.TakeFileAsync(Folder["one"], keep: false, default));
        var linked = await store.Blobs.TakeFileAsync(Folder["hard"], keep: false, default);
        Assert.Null(await store.Blobs.TakeFileAsync(Folder["link"], keep: false, default));
        Assert.Null(await store.Blobs.TakeFileAsync(Folder["fifo"], keep: false, default));
        await File.WriteAllTextAsync(Folder["two"], "TWO");

        Assert.False(File.Exists(Folder["one"]));
        Assert.True(await store.Blobs.VerifyAsync(linked!.Value, default));
    }

    [Fact]
    public async Task What_a_killed_writer_left_half_done_is_removed_and_nothing_else()
    {
        var store = await OpenAsync();
        var kept = await PutAsync(store, "x");
        var temporary = Path.Combine(Folder.Path, "store", "job", ".sluice", "tmp");
        Directory.CreateDirectory(Path.Combine(temporary, "copy", "data"));
        await File.WriteAllTextAsync(Path.Combine(temporary, "copy", "data", "half"), "");
        await File.WriteAllTextAsync(Path.Combine(temporary, "half"), "");

        await Create().Store.ClearLeftoversAsync(default);

        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        Assert.True(await store.Blobs.ExistsAsync(kept, default));
    }

    [Fact]
    public async Task A_result_that_differs_from_the_first_is_kept_aside()
    {
        var store = await OpenAsync();
        await store.PutResultAsync(await ResultAsync(store, "f", "1"), replace: false, default);
        await store.PutResultAsync(await ResultAsync(store, "f", "2"), replace: false, default);

        Assert.Single(Directory.EnumerateFiles(Folder.Path, "*.differs-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_half_written_result_is_none()
    {
        var store = await OpenAsync();
        var result = await store.PutResultAsync(await ResultAsync(store, "f", "1"), replace: false, default);
        var path = Directory.EnumerateFiles(Path.Combine(Folder.Path, "store"), "*.json", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(path, "{\"schema\":1,");

        Assert.Null(await store.FindResultAsync(result.Fingerprint, default));
        Assert.NotNull(await store.PutResultAsync(result, replace: false, default));
        Assert.NotNull(await store.FindResultAsync(result.Fingerprint, default));
    }

    [Fact]
    public async Task Publications_have_the_contracts_layout()
    {
        var store = await OpenAsync();
        var first = await RecordAsync(store, "1");
        var second = await RecordAsync(store, "2");

        await store.PublishAsync(first, "{}"u8.ToArray(), default);
        var copy = Path.Combine(Folder.Path, "store", "job", Commit.Value);
        Assert.Equal(
            ["code/t.py", "commit_date.txt", "data/o", "data/s", "dependencies.yaml", "logs/t.py/command.log", "run.json"],
            Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(copy, path)).Order(StringComparer.Ordinal));
        Assert.Equal("2026-01-02 03:04:05", await File.ReadAllTextAsync(Path.Combine(copy, "commit_date.txt")));

        await store.PublishAsync(second, "{}"u8.ToArray(), default);
        Assert.Equal("2", await File.ReadAllTextAsync(Path.Combine(copy, "data", "o")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Folder.Path, "store", "job", ".sluice", "tmp")));
    }

    [Fact]
    public async Task A_newer_layout_is_refused()
    {
        await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder.Path, "store", "job", ".sluice", "format"), "2\n");

        var refused = await Assert.ThrowsAsync<SluiceException>(OpenAsync);

        Assert.Equal("newer-store", refused.Code);
    }

    protected override (IStore Store, IStoreMaintenance Maintenance) Create() => TestSpace.Create(Folder, Time);

    protected override Task SpoilAsync(BlobInfo content) => TestSpace.SpoilAsync(Folder, content);
}
