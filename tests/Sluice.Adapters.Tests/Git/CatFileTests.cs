using Sluice.Adapters.Git;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

public sealed class CatFileTests
{
    [Fact]
    public async Task Reading_that_is_cancelled_ends_instead_of_waiting_for_git()
    {
        using var origin = await TestRepository.CreateAsync(("f", "x"));
        var id = await origin.GitAsync("rev-parse", "HEAD:f");

        var reading = Task.Run(() => CatFile.ReadAsync(GitPlace.Checkout(origin.Path), [id], (_, _, _) => Task.CompletedTask, new CancellationToken(canceled: true)));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
