namespace Sluice.Core.Running;

/// <summary>The variables that a task sees on every engine (contract, "What a task sees").</summary>
internal static class TaskVariables
{
    /// <summary>All of them; declared ones never replace Sluice's own.</summary>
    public static Dictionary<string, string> Of(TaskWork work, TaskFolder folder)
    {
        var variables = new Dictionary<string, string>(work.Task.Task.Variables);
        foreach (var (name, value) in work.RunVariables)
        {
            variables[name] = value;
        }

        variables["DATA_INPUT_PATH"] = folder.Data;
        variables["DATA_OUTPUT_PATH"] = folder.Data;
        variables["LOGS_OUTPUT_PATH"] = folder.Logs;
        variables["METADATA_OUTPUT_PATH"] = folder.Metadata;
        variables["HOME"] = folder.Home;
        variables["TMPDIR"] = folder.Temporary;
        variables["SLUICE_JOB"] = work.Job.Value;
        variables.TryAdd("LOG_LEVEL", "INFO");
        variables.TryAdd("LANG", "C.UTF-8");
        variables.TryAdd("TZ", "UTC");
        return variables;
    }
}
