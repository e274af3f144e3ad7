namespace Sluice.Store;

/// <summary>How many files or objects one piece of work reads or writes at once.</summary>
internal static class ManyAtOnce
{
    private const int Most = 32;

    /// <summary>Does something with each.</summary>
    public static Task ForEachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(all, Options(cancellationToken), async (one, token) => await work(one, token));

    /// <summary>Does something with each.</summary>
    public static Task ForEachAsync<T>(IAsyncEnumerable<T> all, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(all, Options(cancellationToken), async (one, token) => await work(one, token));

    private static ParallelOptions Options(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Most, CancellationToken = cancellationToken };
}
