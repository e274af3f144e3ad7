using System.Globalization;
using System.Text;

namespace Sluice.Adapters.Processes;

/// <summary>Who is whose child on this machine, as /proc tells.</summary>
internal static class ProcessTable
{
    /// <summary>The living processes with their parent and session.</summary>
    public static IEnumerable<(int Process, int Parent, int Session)> Read()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && ReadOne(folder) is { } found)
            {
                yield return (process, found.Parent, found.Session);
            }
        }
    }

    /// <summary>The direct children of this process; null where the system does not tell.</summary>
    public static IReadOnlyList<int>? OwnChildren()
    {
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        try
        {
            // Children of the first thread: it starts them all, and orphans are handed to it.
            return [.. File.ReadAllText($"/proc/{own}/task/{own}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The value of a variable that a process was started with; null for one that has ended or may not be looked at.</summary>
    public static string? Variable(int process, string name)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/environ"))
                .Split('\0')
                .LastOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // "pid (name) state ppid pgrp session …": the name may hold anything, so that the last ')' counts. A zombie has ended.
    private static (int Parent, int Session)? ReadOne(string folder)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : (int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
