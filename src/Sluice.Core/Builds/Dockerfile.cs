using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Core.Planning;

namespace Sluice.Core.Builds;

/// <summary>What a Dockerfile says of the files of the repository that its build reads. Source: Docker's reference of Dockerfiles.</summary>
internal static partial class Dockerfile
{
    /// <summary>The reads in the order of the file; what is no instruction is passed over, as it is for the build to say.</summary>
    /// <param name="text">The file.</param>
    public static ImmutableArray<BuildRead> Parse(string text)
    {
        var reads = ImmutableArray.CreateBuilder<BuildRead>();
        foreach (var (line, instruction) in Instructions(text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n')))
        {
            if (Instruction().Match(instruction) is { Success: true } match)
            {
                reads.AddRange(ReadsOf(match.Groups["word"].Value.ToUpperInvariant(), match.Groups["flags"].Value, match.Groups["rest"].Value)
                    .Select(read => new BuildRead(line, read.Verb, read.Source)));
            }
        }

        return reads.DrainToImmutable();
    }

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool IsName(string name) =>
        name is "Dockerfile" or "Containerfile"
        || (name.StartsWith("Dockerfile.", StringComparison.Ordinal) && !name.EndsWith(".dockerignore", StringComparison.Ordinal))
        || name.EndsWith(".Dockerfile", StringComparison.Ordinal);

    private static IEnumerable<(string Verb, string Source)> ReadsOf(string word, string flags, string rest) => word switch
    {
        "COPY" when !Flag().Matches(flags).Any(flag => flag.Groups["name"].Value == "from") => SourcesOf(rest).Select(source => ("copies", source)),
        "ADD" => SourcesOf(rest).Where(source => !Address().IsMatch(source)).Select(source => ("adds", source)),
        "RUN" => Flag().Matches(flags).Where(flag => flag.Groups["name"].Value == "mount").SelectMany(flag => MountedBy(flag.Groups["value"].Value)),
        _ => [],
    };

    // The last word is where it goes. What is behind << stands in the Dockerfile itself.
    private static IEnumerable<string> SourcesOf(string rest)
    {
        var words = Words(rest);
        return words.Take(words.Count - 1).Where(source => !source.StartsWith("<<", StringComparison.Ordinal));
    }

    private static List<string> Words(string rest)
    {
        if (rest.StartsWith('['))
        {
            try
            {
                return [.. JsonSerializer.Deserialize(rest, FieldJson.Default.ImmutableArrayString).OfType<string>()];
            }
            catch (JsonException)
            {
                // A word that begins with a bracket, as builds take it.
            }
        }

        return [.. rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"', '\''))];
    }

    private static IEnumerable<(string Verb, string Source)> MountedBy(string value)
    {
        var keys = value.Split(',').Select(pair => pair.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(pair => pair.Key, pair => pair.Last().ElementAtOrDefault(1) ?? "");
        return keys.GetValueOrDefault("type", "bind") == "bind" && !keys.ContainsKey("from")
            ? [("mounts", keys.GetValueOrDefault("source") ?? keys.GetValueOrDefault("src") ?? ".")]
            : [];
    }

    // Lines that are continued are one instruction; comments and empty lines in between do not end it, and texts behind << are no instructions.
    private static IEnumerable<(int Line, string Text)> Instructions(string[] lines)
    {
        var escape = EscapeOf(lines);
        var text = new StringBuilder();
        var first = 0;
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            first = text.Length == 0 ? index + 1 : first;
            if (line[^1] == escape)
            {
                text.Append(line, 0, line.Length - 1).Append(' ');
                continue;
            }

            var instruction = text.Append(line).ToString();
            text.Clear();
            yield return (first, instruction);
            foreach (var end in TakesText().IsMatch(instruction) ? Heredoc().Matches(instruction).Select(match => match.Groups["end"].Value) : [])
            {
                index = Array.FindIndex(lines, index + 1, it => it.TrimStart('\t') == end) is >= 0 and var found ? found : lines.Length - 1;
            }
        }

        if (text.Length > 0)
        {
            yield return (first, text.ToString());
        }
    }

    // Parser directives come before all else.
    private static char EscapeOf(string[] lines) => lines
        .TakeWhile(line => Directive().IsMatch(line))
        .Select(line => Directive().Match(line))
        .FirstOrDefault(match => match.Groups["name"].Value.Equals("escape", StringComparison.OrdinalIgnoreCase))?.Groups["value"].Value is "`" ? '`' : '\\';

    [GeneratedRegex(@"\A(?<word>[A-Za-z]+)\s+(?<flags>(--\S+\s+)*)(?<rest>.*)\z", RegexOptions.Singleline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"--(?<name>[a-z]+)(=(?<value>\S*))?")]
    private static partial Regex Flag();

    [GeneratedRegex(@"\A([a-zA-Z][a-zA-Z0-9+.-]*://|git@)")]
    private static partial Regex Address();

    [GeneratedRegex(@"\A#\s*(?<name>[a-zA-Z]+)\s*=\s*(?<value>\S+)\s*\z")]
    private static partial Regex Directive();

    [GeneratedRegex(@"\A(ONBUILD|COPY|ADD|RUN)\s", RegexOptions.IgnoreCase)]
    private static partial Regex TakesText();

    [GeneratedRegex("""(?<!\S)[0-9]*<<-?(["']?)(?<end>[A-Za-z_][A-Za-z0-9_]*)\1(?!\S)""")]
    private static partial Regex Heredoc();
}
