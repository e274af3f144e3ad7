namespace Sluice.Core.Jobs;

/// <summary>The well-known files at the root that decide an environment (contract, section 1).</summary>
internal static class EnvironmentFileNames
{
    private static readonly HashSet<string> Names =
        ["Dockerfile", "setup.py", "setup.cfg", "conda.txt", "conda-lock.yml", "Pipfile", ".python-version", "renv.lock"];

    /// <summary>Those among the files at the root that count by default.</summary>
    public static IEnumerable<string> Among(IReadOnlyCollection<string> rootFiles)
    {
        // With a lock file the lock decides, and pyproject.toml changes for reasons that do not matter.
        var hasLock = rootFiles.Any(IsLock);
        return rootFiles.Where(name => Names.Contains(name)
            || IsLock(name)
            || IsLike(name, "requirements", ".txt")
            || IsLike(name, "environment", ".yml")
            || IsLike(name, "environment", ".yaml")
            || (name == "pyproject.toml" && !hasLock));
    }

    private static bool IsLock(string name) => name.EndsWith(".lock", StringComparison.Ordinal);

    private static bool IsLike(string name, string start, string end) =>
        name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal);
}
