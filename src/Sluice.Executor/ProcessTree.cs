using System.Globalization;

namespace Sluice.Executor;

/// <summary>Every process below this one. All of them are the command's: whoever is orphaned becomes a child of this process.</summary>
internal static class ProcessTree
{
    // A fork bomb is faster than one look at the table.
    private const int MaxSweeps = 200;

    /// <summary>Sends a signal to all.</summary>
    public static void Signal(int signal)
    {
        foreach (var process in Members())
        {
            Native.Signal(process, signal);
        }
    }

    /// <summary>Kills all, until a look at the table finds none.</summary>
    public static void Kill()
    {
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var members = Members();
            if (members.Count == 0)
            {
                return;
            }

            // Stopped first, so that none forks while the others are killed.
            foreach (var process in members)
            {
                Native.Signal(process, Native.SigStop);
            }

            foreach (var process in members)
            {
                Native.Signal(process, Native.SigKill);
                Native.Reap(process);
            }
        }
    }

    private static List<int> Members()
    {
        var children = Parents().ToLookup(pair => pair.Parent, pair => pair.Process);
        var (members, waiting) = (new List<int>(), new Stack<int>([Environment.ProcessId]));
        while (waiting.TryPop(out var parent))
        {
            foreach (var child in children[parent])
            {
                members.Add(child);
                waiting.Push(child);
            }
        }

        return members;
    }

    private static IEnumerable<(int Process, int Parent)> Parents()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && ParentOf(process) is { } parent)
            {
                yield return (process, parent);
            }
        }
    }

    // "pid (name) state ppid …": the name may hold anything, so that the last ')' counts. A zombie has ended (proc(5)).
    private static int? ParentOf(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ', 3);
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
