using System.Text;
using Sluice.Adapters.Git;
using Sluice.Adapters.Yaml;
using Sluice.Core.Jobs;

namespace Sluice.Server.Hosting;

/// <summary>The checkout that a command stands in.</summary>
/// <param name="Root">Its root folder.</param>
/// <param name="Head">The commit that is checked out.</param>
/// <param name="Branch">The branch; null where HEAD is detached.</param>
/// <param name="Edits">Files that differ from HEAD, with git's two-letter status before each.</param>
/// <param name="JobName"><c>$job.name</c> of its <c>dependencies.yaml</c>, where there is one.</param>
public sealed record Checkout(string Root, string Head, string? Branch, IReadOnlyList<string> Edits, string? JobName)
{
    /// <summary>The checkout around a folder; null when there is none, or it has no commit.</summary>
    public static async Task<Checkout?> FindAsync(string folder, CancellationToken cancellationToken)
    {
        if (await LocalCheckout.FindAsync(folder, cancellationToken) is not { } found)
        {
            return null;
        }

        return new Checkout(found.Root, found.Head.Value, found.Branch, found.Edits, ReadJobName(Path.Combine(found.Root, Manifest.FileName)));
    }

    /// <summary>Why there is no checkout around a folder, and what to do.</summary>
    public static Task<string> ExplainAsync(string folder, CancellationToken cancellationToken) =>
        LocalCheckout.ExplainAsync(folder, cancellationToken);

    // The run reports every mistake of the file; here it is only a name that is to be had or not.
    private static string? ReadJobName(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: <= Manifest.MaxBytes })
        {
            return null;
        }

        var text = File.ReadAllText(path);
        if (!text.Contains(ManifestReading.Job, StringComparison.Ordinal))
        {
            return null;
        }

        // The whole file takes half a second for ten thousand tasks, so that it is parsed only where the entry alone makes no sense.
        var reader = YamlServices.CreateManifestReader();
        var entry = EntryOf(text);
        var reading = reader.Examine(Encoding.UTF8.GetBytes(entry));
        return (entry.Length > 0 && reading.Mistakes.IsEmpty ? reading : reader.Examine(Encoding.UTF8.GetBytes(text))).Manifest.Settings.Name?.Value;
    }

    // The entry $job as it is mostly written: from the start of a line to where the next entry begins.
    private static string EntryOf(string text) => string.Join(
        '\n',
        text.Split('\n')
            .SkipWhile(line => !line.StartsWith(ManifestReading.Job + ":", StringComparison.Ordinal))
            .Select((line, index) => (line, index))
            .TakeWhile(pair => pair.index == 0 || pair.line.Length == 0 || pair.line[0] is ' ' or '\t' or '\r' or '#')
            .Select(pair => pair.line));
}
