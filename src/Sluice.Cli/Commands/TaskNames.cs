using System.CommandLine.Completions;
using System.Text.RegularExpressions;
using Sluice.Core.Jobs;

namespace Sluice.Cli.Commands;

/// <summary>
/// The tasks' names for a shell that completes a word: the keys of the nearest <c>dependencies.yaml</c>, found line by line, since a person waits. Says
/// nothing where there is none.
/// </summary>
internal static partial class TaskNames
{
    /// <summary>The names.</summary>
    public static IEnumerable<string> Suggest(CompletionContext context)
    {
        try
        {
            var repository = context.ParseResult.GetValue(GlobalOptions.Repository) ?? ".";
            for (var folder = new DirectoryInfo(repository); folder is { Exists: true }; folder = folder.Parent)
            {
                var manifest = new FileInfo(Path.Combine(folder.FullName, Manifest.FileName));
                if (manifest.Exists)
                {
                    return manifest.Length <= Manifest.MaxBytes ? [.. Keys(manifest.FullName)] : [];
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The word stays as it is.
        }

        return [];
    }

    private static IEnumerable<string> Keys(string path) => File.ReadLines(path)
        .Select(line => Key().Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups["name"].Value)
        .Where(name => name != "$job");

    // A key of the file's own mapping stands at the beginning of its line, bare or between quotes.
    [GeneratedRegex("""^(?:"(?<name>[^"\\]+)"|'(?<name>[^']+)'|(?<name>[^\s"'#\-\[\]{}&*!|>%@`,?:][^:#]*?|[^\s"'#\[\]{}&*!|>%@`,?:]\S*?))\s*:(?:\s|$)""")]
    private static partial Regex Key();
}
