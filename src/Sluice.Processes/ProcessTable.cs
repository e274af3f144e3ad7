using System.Globalization;
using System.Text;

namespace Sluice.Processes;

/// <summary>Who is whose child on this machine, as /proc tells.</summary>
internal static class ProcessTable
{
    /// <summary>The living processes with their parent and session.</summary>
    public static IEnumerable<ProcessEntry> Read()
    {
        foreach (var folder in Directory.Exists("/proc") ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && ReadOne(process) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>When a process began, in ticks of the system; 0 for one that is not there.</summary>
    public static long StartOf(int process) => ReadOne(process)?.Started ?? 0;

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

    // "pid (name) state ppid pgrp session … starttime": the name may hold anything, so that the last ')' counts. A zombie has ended (proc(5)).
    private static ProcessEntry? ReadOne(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : new ProcessEntry(process, Number(fields[1]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A living process.</summary>
/// <param name="Process">Its id.</param>
/// <param name="Parent">Whose child it is.</param>
/// <param name="Session">The id of the process that began its session.</param>
/// <param name="Started">When it began, in ticks of the system.</param>
internal readonly record struct ProcessEntry(int Process, int Parent, int Session, long Started);
