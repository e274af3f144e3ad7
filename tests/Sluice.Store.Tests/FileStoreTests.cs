using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Store.Files;
using Sluice.Testing;

namespace Sluice.Store.Tests;

public sealed class FileStoreTests : IDisposable
{
    private static readonly JobName Name = JobName.Parse("job");
    private static readonly CommitId Commit = CommitId.Parse(new string('a', 40));

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_content_is_kept_once_read_only_and_given_back_as_a_file_of_its_own()
    {
        var store = await OpenAsync();
        var first = await PutAsync(store, "x");
        var second = await PutAsync(store, "x");
        await store.Blobs.StageAsync(first, _folder["staged"], UnixFileMode.UserRead | UnixFileMode.UserWrite, default);
        await File.AppendAllTextAsync(_folder["staged"], "y");

        Assert.Equal(first, second);
        Assert.True(await store.Blobs.VerifyAsync(first, default));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(BlobPath(first)) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
    }

    [Fact]
    public async Task Files_are_taken_where_nobody_else_holds_them_and_nothing_else_is_opened()
    {
        var store = await OpenAsync();
        await File.WriteAllTextAsync(_folder["one"], "one");
        await File.WriteAllTextAsync(_folder["two"], "two");
        File.CreateSymbolicLink(_folder["link"], _folder["two"]);
        using var fifo = System.Diagnostics.Process.Start("mkfifo", [_folder["fifo"]]);
        using var hard = System.Diagnostics.Process.Start("ln", [_folder["two"], _folder["hard"]]);
        await Task.WhenAll(fifo.WaitForExitAsync(), hard.WaitForExitAsync());

        Assert.NotNull(await store.Blobs.TakeFileAsync(_folder["one"], keep: false, default));
        var linked = await store.Blobs.TakeFileAsync(_folder["hard"], keep: false, default);
        Assert.Null(await store.Blobs.TakeFileAsync(_folder["link"], keep: false, default));
        Assert.Null(await store.Blobs.TakeFileAsync(_folder["fifo"], keep: false, default));
        await File.WriteAllTextAsync(_folder["two"], "TWO");

        Assert.False(File.Exists(_folder["one"]));
        Assert.True(await store.Blobs.VerifyAsync(linked!.Value, default));
    }

    [Fact]
    public async Task What_a_killed_writer_left_half_done_is_removed_and_nothing_else()
    {
        var store = await OpenAsync();
        var kept = await PutAsync(store, "x");
        var temporary = Path.Combine(_folder.Path, "store", "job", ".sluice", "tmp");
        Directory.CreateDirectory(Path.Combine(temporary, "copy", "data"));
        await File.WriteAllTextAsync(Path.Combine(temporary, "copy", "data", "half"), "");
        await File.WriteAllTextAsync(Path.Combine(temporary, "half"), "");

        await FileStoreServices.Create(new StateFolder(_folder.Path), new FileStoreOptions(), _time).Store.ClearLeftoversAsync(default);

        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        Assert.True(await store.Blobs.ExistsAsync(kept, default));
    }

    [Fact]
    public async Task A_damaged_content_is_noticed_and_taken_out()
    {
        var store = await OpenAsync();
        var content = await PutAsync(store, "good");
        Spoil(content);

        await Assert.ThrowsAsync<DamagedContentException>(() => store.Blobs.StageAsync(content, _folder["x"], UnixFileMode.UserRead, default));

        Assert.False(await store.Blobs.ExistsAsync(content, default));
        Assert.False(File.Exists(_folder["x"]));
    }

    [Fact]
    public async Task The_first_result_of_a_fingerprint_stays_and_a_differing_one_is_kept_aside()
    {
        var store = await OpenAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
            await store.PutResultAsync(await ResultAsync(store, "f", $"{number}"), replace: false, default))));

        Assert.Single(results.Select(result => result.Provenance.Run).Distinct());
        Assert.Equal(15, Directory.EnumerateFiles(_folder.Path, "*.differs-*", SearchOption.AllDirectories).Count());
        var forced = await store.PutResultAsync(await ResultAsync(store, "f", "forced"), replace: true, default);
        Assert.Equal(forced.Provenance.Run, (await store.FindResultAsync(forced.Fingerprint, default))!.Provenance.Run);
    }

    [Fact]
    public async Task An_adopted_result_gives_way_to_a_computed_one()
    {
        var store = await OpenAsync();
        var adopted = await ResultAsync(store, "f", "1");
        await store.PutResultAsync(adopted with { Provenance = adopted.Provenance with { IsAdopted = true } }, replace: false, default);

        var computed = await store.PutResultAsync(await ResultAsync(store, "f", "2"), replace: false, default);

        Assert.Equal(computed.Provenance.Run, (await store.FindResultAsync(computed.Fingerprint, default))!.Provenance.Run);
    }

    [Fact]
    public async Task A_half_written_result_is_none()
    {
        var store = await OpenAsync();
        var result = await store.PutResultAsync(await ResultAsync(store, "f", "1"), replace: false, default);
        var path = Directory.EnumerateFiles(Path.Combine(_folder.Path, "store"), "*.json", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(path, "{\"schema\":1,");

        Assert.Null(await store.FindResultAsync(result.Fingerprint, default));
        Assert.NotNull(await store.PutResultAsync(result, replace: false, default));
        Assert.NotNull(await store.FindResultAsync(result.Fingerprint, default));
    }

    [Fact]
    public async Task Publications_have_the_contracts_layout_and_records_never_change()
    {
        var store = await OpenAsync();
        var first = await RecordAsync(store, "1");
        var second = await RecordAsync(store, "2");

        Assert.Equal(1, await store.PublishAsync(first, "{}"u8.ToArray(), default));
        Assert.Equal(1, await store.PublishAsync(first, "{}"u8.ToArray(), default));
        var copy = Path.Combine(_folder.Path, "store", "job", Commit.Value);
        Assert.Equal(
            ["code/t.py", "commit_date.txt", "data/o", "data/s", "dependencies.yaml", "logs/t.py/command.log", "run.json"],
            Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(copy, path)).Order(StringComparer.Ordinal));
        Assert.Equal("2026-01-02 03:04:05", await File.ReadAllTextAsync(Path.Combine(copy, "commit_date.txt")));

        Assert.Equal(2, await store.PublishAsync(second, "{}"u8.ToArray(), default));
        Assert.Equal("2", await File.ReadAllTextAsync(Path.Combine(copy, "data", "o")));
        Assert.Equal(second.Run, (await store.FindRecordAsync(Commit, null, default))!.Run);
        Assert.Equal(first.Run, (await store.FindRecordAsync(Commit, first.Run, default))!.Run);
        Assert.Equal([Commit], await store.ListCommitsAsync(default));
    }

    [Fact]
    public async Task Gc_deletes_what_no_kept_commit_needs_once_it_is_old_enough()
    {
        var (files, maintenance) = FileStoreServices.Create(new StateFolder(_folder.Path), new FileStoreOptions(), _time);
        var store = await files.OpenAsync(Name, default);
        var record = await RecordAsync(store, "kept");
        await store.PublishAsync(record, "{}"u8.ToArray(), default);
        var stray = await PutAsync(store, "stray");

        var young = await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);
        _time.Advance(TimeSpan.FromDays(30));
        var dry = await maintenance.CollectAsync(Name, new GcOptions(), default);
        var renewed = await PutAsync(store, "renewed");
        var real = await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.Equal((0, 0), (young.Contents, young.Results));
        Assert.Equal(1, dry.Contents);
        Assert.Equal(1, real.Contents);
        Assert.False(await store.Blobs.ExistsAsync(stray, default));
        Assert.True(await store.Blobs.ExistsAsync(renewed, default));
        Assert.True(await store.Blobs.ExistsAsync(record.Tasks[0].Files.Outputs[0].Content, default));
    }

    [Fact]
    public async Task Verify_names_what_is_damaged_and_whose_result_is_lost()
    {
        var (files, maintenance) = FileStoreServices.Create(new StateFolder(_folder.Path), new FileStoreOptions(), _time);
        var store = await files.OpenAsync(Name, default);
        var result = await store.PutResultAsync(await ResultAsync(store, "f", "1"), replace: false, default);
        Spoil(result.Files.Outputs[0].Content);

        var report = await maintenance.VerifyAsync(Name, 1, default);

        Assert.Equal([result.Files.Outputs[0].Content.Digest.ToString()], report.Damaged);
        Assert.Contains("t.py", Assert.Single(report.Affected), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_layout_is_refused()
    {
        await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "store", "job", ".sluice", "format"), "2\n");

        var refused = await Assert.ThrowsAsync<SluiceException>(OpenAsync);

        Assert.Equal("newer-store", refused.Code);
    }

    private static async Task<BlobInfo> PutAsync(IJobStore store, string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await store.Blobs.PutAsync(stream, default);
    }

    private static async Task<TaskResult> ResultAsync(IJobStore store, string fingerprint, string output) => new()
    {
        Fingerprint = new Fingerprint(Digest.Of(fingerprint)),
        Fields = [],
        Files = new ResultFiles
        {
            Outputs = [new StoredFile(RepoPath.Trusted("o"), await PutAsync(store, output), false)],
            Logs = [new StoredFile(RepoPath.Trusted("command.log"), await PutAsync(store, "log"), false)],
        },
        Provenance = new Provenance
        {
            Run = RunId.New(DateTimeOffset.UnixEpoch),
            Task = new TaskName("t.py"),
            Commit = Commit,
            Engine = "process",
            StartedAt = default,
            FinishedAt = default,
        },
    };

    private static async Task<CommitRecord> RecordAsync(IJobStore store, string output)
    {
        var result = await ResultAsync(store, output, output);
        return new CommitRecord
        {
            Job = Name,
            Commit = Commit,
            CommitDate = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
            Run = result.Provenance.Run,
            StoredAt = default,
            Manifest = await PutAsync(store, "manifest"),
            Code = [new StoredFile(RepoPath.Trusted("t.py"), await PutAsync(store, "code"), false)],
            Sources = [new StoredFile(RepoPath.Trusted("s"), await PutAsync(store, "source"), false)],
            Tasks = [RecordedTask.Of(new TaskName("t.py"), result)],
        };
    }

    private string BlobPath(BlobInfo content) =>
        Path.Combine(_folder.Path, "store", "job", ".sluice", "cas", "sha256", content.Digest.Hex[..2], content.Digest.Hex);

    private void Spoil(BlobInfo content)
    {
        File.SetUnixFileMode(BlobPath(content), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(BlobPath(content), new string('!', (int)content.Size));
    }

    private Task<IJobStore> OpenAsync() =>
        FileStoreServices.Create(new StateFolder(_folder.Path), new FileStoreOptions(), _time).Store.OpenAsync(Name, default);
}
