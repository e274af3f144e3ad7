using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sluice.Adapters.Database;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Testing;
using Xunit;

namespace Sluice.Adapters.Tests.Database;

public sealed class SqliteRevisionMemoTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StateFolder _state;
    private readonly IRevisionMemo _memo;
    private readonly IDisposable _database;

    public SqliteRevisionMemoTests()
    {
        _state = new StateFolder(_folder.Path);
        (_, _memo, _database) = DatabaseServices.Open(_state);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_hundred_thousand_blobs_are_remembered()
    {
        var contents = Enumerable.Range(0, 100_000).ToDictionary(BlobId, number => new BlobInfo(Digest.Of($"{number}"), (long)number << 20));
        await _memo.SaveContentsAsync(contents, Cancelled);

        var found = await _memo.FindContentsAsync([.. contents.Keys, BlobId(-1)], Cancelled);

        Assert.Equal(contents, found);
    }

    [Fact]
    public async Task Ids_that_are_none_are_not_known()
    {
        await _memo.SaveContentsAsync(new Dictionary<string, BlobInfo> { [BlobId(1)] = new(Digest.Of("1"), 1) }, Cancelled);

        Assert.Empty(await _memo.FindContentsAsync([], Cancelled));
        Assert.Equal([BlobId(1)], (await _memo.FindContentsAsync(["", "\"]", "x'; --", BlobId(1), BlobId(1)], Cancelled)).Keys);
    }

    [Fact]
    public async Task Every_field_of_a_manifest_is_remembered()
    {
        var manifest = new Manifest { Settings = FullSettings(), Tasks = [FullTask(), Task("plain")] };
        AssertNothingIsDefault(manifest.Settings, new JobSettings());
        AssertNothingIsDefault(manifest.Tasks[0], Task(""));

        await _memo.SaveManifestAsync("a", manifest, Cancelled);

        Assert.Equal(Json(manifest), Json(await _memo.FindManifestAsync("a", Cancelled)));
        Assert.Null(await _memo.FindManifestAsync("b", Cancelled));
    }

    [Fact]
    public async Task A_damaged_manifest_is_not_known_and_can_be_replaced()
    {
        await _memo.SaveManifestAsync("a", new Manifest { Tasks = [Task("one")] }, Cancelled);
        Execute("update manifests set body = substr(body, 1, length(body) - 1) || x'7f'");
        Assert.Null(await _memo.FindManifestAsync("a", Cancelled));

        await _memo.SaveManifestAsync("a", new Manifest { Tasks = [Task("two")] }, Cancelled);

        Assert.Equal("two", (await _memo.FindManifestAsync("a", Cancelled))!.Tasks[0].Name.Value);
    }

    [Fact]
    public async Task A_manifest_of_another_form_is_not_known()
    {
        await _memo.SaveManifestAsync("a", new Manifest(), Cancelled);
        Execute("update manifests set version = version + 1");

        Assert.Null(await _memo.FindManifestAsync("a", Cancelled));
    }

    [Fact]
    public async Task Old_manifests_make_room()
    {
        for (var number = 0; number < 210; number++)
        {
            await _memo.SaveManifestAsync($"{number}", new Manifest(), Cancelled);
        }

        Assert.Null(await _memo.FindManifestAsync("9", Cancelled));
        Assert.NotNull(await _memo.FindManifestAsync("10", Cancelled));
        Assert.NotNull(await _memo.FindManifestAsync("209", Cancelled));
    }

    private static string BlobId(int number) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)))[..40];

    private static JobTask Task(string name) => new() { Name = new TaskName(name), Command = TaskCommand.Shell("") };

    private static JobSettings FullSettings() => new()
    {
        Name = JobName.Parse("job"),
        CodeFolder = RepoPath.Trusted("lib/ü"),
        DataFolder = RepoPath.Trusted("files"),
        Shared = ["lib/**"],
        EnvironmentFiles = [],
    };

    private static JobTask FullTask() => new()
    {
        Name = new TaskName("train.py"),
        Command = TaskCommand.List(["python", "a b", ""]),
        Image = "python:3.12",
        TrackImage = false,
        Inputs = [new DataPath(RepoPath.Trusted("in.csv"), false), new DataPath(RepoPath.Trusted("folder"), true)],
        Outputs = [new DataPath(RepoPath.Trusted("out.csv"), false)],
        Script = RepoPath.Trusted("train.py"),
        Code = ["lib/**", "src/a.py"],
        EnvironmentFiles = ["uv.lock"],
        Variables = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1").Add("B", "python"),
        Params = ["train.lr"],
        Resources = new TaskResources("500m", null, 2),
        Timeout = TimeSpan.FromSeconds(90),
        Retries = 3,
        IsCacheable = false,
        UsesNetwork = true,
        Position = new SourcePosition(7, 3),
    };

    // A field that is added later is default here, so that this fails until the form and this test know it.
    private static void AssertNothingIsDefault<T>(T full, T empty) => Assert.All(
        typeof(T).GetProperties().Where(property => property.CanWrite),
        property => Assert.NotEqual(property.GetValue(empty), property.GetValue(full)));

    private static string Json(Manifest? manifest) => JsonSerializer.Serialize(manifest!, CoreJson.Default.Manifest);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_state.DatabaseFile};Pooling=false");
        connection.Open();
        connection.Run(sql);
    }
}
