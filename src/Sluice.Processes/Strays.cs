namespace Sluice.Processes;

/// <summary>Finds processes of commands whose supervisor is gone, by the TMPDIR that is each command's own.</summary>
internal static class Strays
{
    /// <summary>The variable that tells whose a process is.</summary>
    public const string TagName = "TMPDIR";

    // A fork bomb is faster than one look at the table.
    private const int MaxSweeps = 200;

    /// <summary>What tells the processes of a command; null where it has no such variable.</summary>
    public static string? TagOf(IEnumerable<string> variables) =>
        variables.FirstOrDefault(variable => variable.StartsWith(TagName + "=", StringComparison.Ordinal))?[(TagName.Length + 1)..];

    /// <summary>Kills all whose tag fits, until a look at the table finds none.</summary>
    public static void Kill(Func<string, bool> isTheirs)
    {
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var found = ProcessTable.Read()
                .Where(it => it.Process != Environment.ProcessId && ProcessTable.Variable(it.Process, TagName) is { } tag && isTheirs(tag))
                .ToList();
            if (found.Count == 0)
            {
                return;
            }

            found.ForEach(it => NativeProcess.Signal(it.Process, NativeProcess.SigKill));
        }
    }
}
