using System.Globalization;

namespace Sluice.Core.Running;

/// <summary>Where things are below <c>SLUICE_DATA</c>. One file system, so that files can be moved between the folders.</summary>
/// <param name="Root">An absolute path.</param>
public sealed record StateFolder(string Root)
{
    /// <summary>Held by the owner; holds the owner's address.</summary>
    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>The SQLite database.</summary>
    public string DatabaseFile => Path.Combine(Root, "sluice.db");

    /// <summary>The bare mirrors.</summary>
    public string Mirrors => Path.Combine(Root, "git");

    /// <summary>The file-system store: a folder per job.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>Work folders of tasks that run; nothing here outlives a restart.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>One of the work folders; each is used by one task at a time.</summary>
    public string WorkFolder(int number) => Path.Combine(Work, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The logs of tasks that run or have failed; a succeeded task's log is moved into the store.</summary>
    public string LogsOf(RunId run) => Path.Combine(Root, "logs", run.Value);

    /// <summary>The log of one task of a run, all its attempts one after the other.</summary>
    public string LogOf(RunId run, int taskIndex) =>
        Path.Combine(LogsOf(run), taskIndex.ToString(CultureInfo.InvariantCulture) + ".log");
}
