using System.Globalization;
using Sluice.Core.Results;

namespace Sluice.Store;

/// <summary>What the copy of a commit consists of (contract, section 3).</summary>
internal static class PublishedFiles
{
    /// <summary>The file that says when it was committed.</summary>
    public const string DateFile = "commit_date.txt";

    /// <summary>What that file says, as the original writes it.</summary>
    public static string DateOf(CommitRecord record) => record.CommitDate.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Every other file but <c>run.json</c>, by its name below the commit.</summary>
    /// <param name="record">The record.</param>
    /// <param name="withData">Whether the data is part of it.</param>
    public static IEnumerable<(string Name, StoredFile File)> Of(CommitRecord record, bool withData)
    {
        yield return ("dependencies.yaml", new StoredFile(default, record.Manifest, false));
        foreach (var (below, files) in GroupsOf(record, withData))
        {
            foreach (var file in files)
            {
                yield return ($"{below}/{file.Path}", file);
            }
        }
    }

    private static IEnumerable<(string Below, IEnumerable<StoredFile> Files)> GroupsOf(CommitRecord record, bool withData)
    {
        yield return ("code", record.Code);
        if (withData)
        {
            yield return ("data", record.Sources.Concat(record.Tasks.SelectMany(task => task.Files.Outputs)));
        }

        foreach (var task in record.Tasks)
        {
            yield return ($"logs/{task.Name}", task.Files.Logs);
            yield return ($"metadata/{task.Name}", task.Files.Metadata);
        }
    }
}
