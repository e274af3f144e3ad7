namespace Sluice.Core.Running;

/// <summary>Guesses from a failed task's log which undeclared file it wanted.</summary>
internal static class MissingFileHint
{
    private static readonly string[] Complaints =
    [
        "No such file", "FileNotFound", "does not exist", "not found", "ModuleNotFound", "ImportError", "cannot open", "can't open",
    ];

    /// <summary>What to add to an error; empty where nothing can be guessed.</summary>
    public static string Of(string logTail, IEnumerable<string> undeclared) => Find(logTail, undeclared) is { } file
        ? $"; it most likely wanted '{file}', which it does not declare: add it to its inputs or its code"
        : "";

    /// <summary>The file named by a complaint of the log, or null.</summary>
    /// <param name="logTail">The last part of the log.</param>
    /// <param name="undeclared">Files of the job that the task cannot see, relative to the data folder or the repository.</param>
    public static string? Find(string logTail, IEnumerable<string> undeclared)
    {
        var lines = logTail.Split('\n').Where(line => Complaints.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase))).ToList();
        return lines.Count == 0
            ? null
            : undeclared
                .Where(file => lines.Exists(line => Mentions(line, file)))
                .MaxBy(file => file.Length);
    }

    // A file is mentioned by its whole name between separators; a Python module by its name without the ending.
    private static bool Mentions(string line, string file)
    {
        var name = Path.GetFileName(file);
        return IsWord(line, name)
            || (name.EndsWith(".py", StringComparison.Ordinal)
                && line.Contains("module", StringComparison.OrdinalIgnoreCase)
                && IsWord(line, Path.GetFileNameWithoutExtension(name)));
    }

    private static bool IsWord(string line, string word)
    {
        for (var at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !IsPartOfName(line[at - 1])) && (end == line.Length || !IsPartOfName(line[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPartOfName(char character) => char.IsLetterOrDigit(character) || character is '_' or '-' or '.';
}
