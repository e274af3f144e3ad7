using CliWrap;
using CliWrap.Buffered;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>The real command under settings of git that a user may well have.</summary>
public sealed class UserSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[safe]\nbareRepository = explicit\n")]
    [InlineData("[log]\nshowSignature = true\n[gpg]\nprogram = GPG\n")]
    [InlineData("[log]\ndiffMerges = combined\nfollow = true\nshowRoot = false\n[color]\nui = always\n[init]\ndefaultObjectFormat = sha256\n[fetch]\npruneTags = true\n")]
    public async Task A_job_is_run_and_its_committed_outputs_are_adopted(string settings)
    {
        using var repository = await CreateAsync();
        await File.WriteAllTextAsync(_folder["gpg"], "#!/bin/sh\necho gpg: no >&2\nexit 1\n");
        File.SetUnixFileMode(_folder["gpg"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(_folder["settings"], settings.Replace("GPG", _folder["gpg"], StringComparison.Ordinal));

        var run = await SluiceAsync(repository, ["run", "--adopt"], ("GIT_CONFIG_GLOBAL", _folder["settings"]));

        Assert.Contains("1 adopted", run.StandardOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIT_NAMESPACE", "elsewhere")]
    [InlineData("GIT_COMMON_DIR", "/nowhere")]
    public async Task What_git_sets_for_a_hook_does_not_lead_elsewhere(string variable, string value)
    {
        using var repository = await CreateAsync();

        await SluiceAsync(repository, ["plan"], (variable, value));
    }

    // The last commit has a signature, which git would check where it is asked to show it.
    private static async Task<TestRepository> CreateAsync()
    {
        var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "$job: {name: job}\na.py: {inputs: [i], outputs: [o], command: cp data/i data/o}\n"),
            ("src/job/a.py", ""),
            ("data/i", "1"));
        await repository.CommitAsync(("data/o", "1"));
        var lines = (await repository.GitAsync("cat-file", "commit", "HEAD")).Split("\n\n", 2);
        repository.Write(".git/signed", lines[0] + "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n" + lines[1] + "\n");
        await repository.GitAsync("reset", "--quiet", "--hard", await repository.GitAsync("hash-object", "-t", "commit", "-w", ".git/signed"));
        return repository;
    }

    private async Task<BufferedCommandResult> SluiceAsync(TestRepository repository, string[] arguments, (string Name, string Value) variable) =>
        await Cli.Wrap(SluiceBinary.Path)
            .WithArguments(["--data", _folder["state"], .. arguments])
            .WithWorkingDirectory(repository.Path)
            .WithEnvironmentVariables(new Dictionary<string, string?> { [variable.Name] = variable.Value })
            .ExecuteBufferedAsync();
}
