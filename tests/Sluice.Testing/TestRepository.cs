using CliWrap;
using CliWrap.Buffered;

namespace Sluice.Testing;

/// <summary>A real git repository to edit and commit in.</summary>
public sealed class TestRepository : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _commits;

    private TestRepository()
    {
    }

    /// <summary>Where it is.</summary>
    public string Path => _folder.Path;

    /// <summary>An empty repository.</summary>
    /// <param name="objectFormat"><c>sha1</c> or <c>sha256</c>.</param>
    public static async Task<TestRepository> CreateAsync(string objectFormat = "sha1")
    {
        var repository = new TestRepository();
        await repository.GitAsync("init", "--quiet", "--initial-branch=main", $"--object-format={objectFormat}");
        return repository;
    }

    /// <summary>A repository with some files and one commit.</summary>
    public static async Task<TestRepository> CreateAsync(params (string Path, string Content)[] files)
    {
        var repository = await CreateAsync();
        await repository.CommitAsync(files);
        return repository;
    }

    /// <summary>Writes files and commits everything.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> CommitAsync(params (string Path, string Content)[] files)
    {
        foreach (var (path, content) in files)
        {
            Write(path, content);
        }

        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--allow-empty", "--message", $"commit {++_commits}");
        return await GitAsync("rev-parse", "HEAD");
    }

    /// <summary>Writes a file without committing it.</summary>
    public void Write(string path, string content)
    {
        var full = _folder[path];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    /// <summary>Runs git and gives what it printed.</summary>
    public async Task<string> GitAsync(params string[] arguments)
    {
        var date = $"2026-01-01T00:00:{_commits % 60:00}+02:00";
        var result = await Cli.Wrap("git")
            .WithArguments(["-C", Path, .. arguments])
            .WithEnvironmentVariables(new Dictionary<string, string?>
            {
                ["GIT_AUTHOR_NAME"] = "Test",
                ["GIT_AUTHOR_EMAIL"] = "test@example.test",
                ["GIT_AUTHOR_DATE"] = date,
                ["GIT_COMMITTER_NAME"] = "Test",
                ["GIT_COMMITTER_EMAIL"] = "test@example.test",
                ["GIT_COMMITTER_DATE"] = date,
                ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                ["GIT_CONFIG_NOSYSTEM"] = "1",
            })
            .ExecuteBufferedAsync();
        return result.StandardOutput.Trim();
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
