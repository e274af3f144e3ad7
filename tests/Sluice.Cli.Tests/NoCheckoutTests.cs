using CliWrap;
using CliWrap.Buffered;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>What a person is told who stands in no checkout that can be run.</summary>
public sealed class NoCheckoutTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_wrong_is_told_and_what_to_do()
    {
        using var repository = await TestRepository.CreateAsync(("f", "1"));
        using var empty = await TestRepository.CreateAsync();

        Assert.Contains("no commit yet", await PlanAsync(empty.Path), StringComparison.Ordinal);
        Assert.Contains("inside a .git folder", await PlanAsync(Path.Combine(repository.Path, ".git")), StringComparison.Ordinal);
        Assert.Contains("not in a git repository", await PlanAsync(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("not a folder", await PlanAsync(_folder["nowhere"]), StringComparison.Ordinal);
        Assert.Contains("not a folder", await PlanAsync(_folder["nowhere"], asAnother: false, "--job", "job"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkout_of_another_user_is_told_with_gits_advice()
    {
        using var repository = await TestRepository.CreateAsync(("f", "1"));

        Assert.Contains("safe.directory", await PlanAsync(repository.Path, asAnother: true), StringComparison.Ordinal);
        Assert.Contains("safe.directory", await PlanAsync("file://" + repository.Path, asAnother: true, "--job", "job"), StringComparison.Ordinal);
    }

    // git's own tests have that variable to be somebody else.
    private async Task<string> PlanAsync(string repository, bool asAnother = false, params string[] arguments)
    {
        var plan = await CliWrap.Cli.Wrap(SluiceBinary.Path)
            .WithArguments(["--data", _folder["state"], "-C", repository, .. arguments, "plan"])
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = asAnother ? "1" : null })
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.Equal(2, plan.ExitCode);
        return plan.StandardError;
    }
}
