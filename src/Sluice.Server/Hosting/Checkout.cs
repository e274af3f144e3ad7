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

    // Only the entry $job is parsed: the whole file takes half a second for ten thousand tasks.
    private static string? ReadJobName(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var block = File.ReadLines(path)
            .SkipWhile(line => !line.StartsWith("$job:", StringComparison.Ordinal))
            .Select((line, index) => (line, index))
            .TakeWhile(pair => pair.index == 0 || pair.line.Length == 0 || pair.line[0] is ' ' or '#')
            .Select(pair => pair.line)
            .ToList();
        try
        {
            return block.Count == 0
                ? null
                : YamlServices.CreateManifestReader().Read(Encoding.UTF8.GetBytes(string.Join('\n', block))).Settings.Name?.Value;
        }
        catch (BrokenRepositoryException)
        {
            // The run reports every mistake of the file; here it is only a name that is not to be had.
            return null;
        }
    }
}
