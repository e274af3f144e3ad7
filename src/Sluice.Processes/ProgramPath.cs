namespace Sluice.Processes;

/// <summary>Finds programs as a shell would, in the task's own PATH.</summary>
internal static class ProgramPath
{
    private const string PathVariable = "PATH=";

    /// <summary>The path of a program; null when there is none.</summary>
    /// <param name="program">A name, or a path where it has a '/'.</param>
    /// <param name="folder">What a relative path is relative to.</param>
    /// <param name="variables">The task's variables.</param>
    public static string? Find(string program, string folder, IEnumerable<string> variables)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.Combine(folder, program);
            return File.Exists(path) ? path : null;
        }

        var search = variables.FirstOrDefault(variable => variable.StartsWith(PathVariable, StringComparison.Ordinal)) ?? "";
        return search[Math.Min(search.Length, PathVariable.Length)..]
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(folder, directory, program))
            .FirstOrDefault(path => File.Exists(path) && (File.GetUnixFileMode(path) & AnyExecute) != 0);
    }

    /// <summary>The system's error in words (errno(3)).</summary>
    public static string Describe(int error) => error switch
    {
        2 => "it, its interpreter or the working folder does not exist",
        7 => "its arguments and variables are too long",
        8 => "it is neither a binary of this machine nor a script that begins with '#!'",
        11 or 12 => "the machine is out of processes or memory",
        13 => "it is not executable",
        _ => $"error {error}",
    };

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
