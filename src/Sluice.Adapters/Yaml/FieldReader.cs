using System.Collections.Immutable;
using System.Globalization;
using Sluice.Core;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Takes typed values out of YAML nodes; what does not fit becomes a mistake and a null.</summary>
/// <param name="owner">Whose fields they are: the key of a task, or <c>$job</c>.</param>
/// <param name="found">Where mistakes go.</param>
/// <param name="doubtful">Where fields go that a mistake has a part in.</param>
internal sealed class FieldReader(string owner, FoundMistakes found, HashSet<(string Owner, string Field)> doubtful)
{
    /// <summary>Texts that later releases will give a meaning to.</summary>
    private const string ReservedSyntax = "${{";

    // A text in the place of a list: whatever is wrong with it beside that shows when it is in one.
    private YamlNode? _toldOf;

    /// <summary>Adds a mistake.</summary>
    public void Report(YamlNode at, string problem, string advice)
    {
        if (at != _toldOf)
        {
            found.Add(at.Position, owner == ManifestReading.Job ? owner : $"Task '{owner}'", problem, advice);
        }
    }

    /// <summary>Makes a field doubtful.</summary>
    public void Doubt(string field) => doubtful.Add((owner, field));

    /// <summary>Whether a mistake has a part in a field.</summary>
    public bool IsDoubtful(string field) => doubtful.Contains((owner, field));

    /// <summary>Reads a field, and makes it doubtful when it has a mistake.</summary>
    public T Read<T>(string field, Func<T> read)
    {
        var before = found.Reports;
        var value = read();
        if (found.Reports > before)
        {
            Doubt(field);
        }

        return value;
    }

    /// <summary>A text; a number or a boolean counts as what is written.</summary>
    public string? Text(string field, YamlNode node, string advice = "Write a text, or leave it out.")
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            Report(node, $"'{field}' is {Kind(node)}.", advice);
            return null;
        }

        if (scalar.Text.Contains(ReservedSyntax, StringComparison.Ordinal))
        {
            Report(node, $"'{field}' has '${{{{ }}}}' in it, which is reserved for a later release.", "Use environment variables.");
            return null;
        }

        if (scalar.Text.Any(character => char.IsControl(character) && character is not ('\n' or '\t')))
        {
            Report(node, $"'{field}' has a control character: '{Show.Text(scalar.Text)}'.", "Take it out.");
            return null;
        }

        return scalar.Text;
    }

    /// <summary>A text that is right by a rule; the rule says what is wrong, as the end of a sentence.</summary>
    public string? Text(string field, YamlNode node, Func<string, bool> isRight, string advice)
    {
        if (Text(field, node, advice) is not { } text)
        {
            return null;
        }

        if (!isRight(text))
        {
            Report(node, $"'{field}' is '{Show.Text(text)}'.", advice);
            return null;
        }

        return text;
    }

    /// <summary>A list of texts; null stands for an empty one, and a single text for a list that was meant.</summary>
    public ImmutableArray<(string Text, YamlNode At)> Texts(string field, YamlNode node)
    {
        if (node is YamlScalar { IsNull: true })
        {
            return [];
        }

        if (node is not YamlList list)
        {
            Report(node, $"'{field}' is {Kind(node)}.", node is YamlScalar ? "Write a list: [a, b]." : "Write a list of texts.");
            _toldOf = node;
            return node is YamlScalar single ? [(single.Text, node)] : [];
        }

        var texts = ImmutableArray.CreateBuilder<(string, YamlNode)>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (Text(field, item) is { } text)
            {
                texts.Add((text, item));
            }
        }

        return texts.DrainToImmutable();
    }

    /// <summary>A boolean.</summary>
    public bool? Boolean(string field, YamlNode node)
    {
        if (node is YamlScalar { IsBoolean: true } scalar)
        {
            return scalar.Text[0] is 't' or 'T';
        }

        Report(node, $"'{field}' is {Kind(node)}.", "Write true or false.");
        return null;
    }

    /// <summary>A whole number within limits.</summary>
    public int? Number(string field, YamlNode node, int min, int max)
    {
        if (node is YamlScalar { IsNumber: true } scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
        {
            return number;
        }

        Report(node, $"'{field}' is {Kind(node)}.", $"Write a whole number from {min} to {max}.");
        return null;
    }

    /// <summary>The entries of a mapping; null stands for an empty one.</summary>
    public IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries(string field, YamlNode node)
    {
        if (node is YamlMap map)
        {
            return map.Entries;
        }

        if (node is not YamlScalar { IsNull: true })
        {
            Report(node, $"'{field}' is {Kind(node)}.", "Write a mapping: {name: value}.");
        }

        return [];
    }

    /// <summary>A path relative to a folder.</summary>
    public RepoPath? Path(string field, string text, YamlNode at)
    {
        if (RepoPath.Check(text, out var path) is { } wrong)
        {
            Report(at, $"'{field}': the path '{Show.Text(text)}' {wrong}.", "Write a path relative to its folder, with '/' between its parts.");
            return null;
        }

        return path;
    }

    /// <summary>Reports a field that is not known, with the nearest that is.</summary>
    public void Unknown(YamlScalar key, IReadOnlyCollection<string> known, IReadOnlySet<string> reserved)
    {
        if (reserved.Contains(key.Text))
        {
            Report(key, $"the field '{key.Text}' is reserved for a later release.", "Take it out.");
            return;
        }

        var nearest = NearestName.Find(key.Text, known);
        Doubt(nearest ?? key.Text);
        Report(
            key,
            $"there is no field '{Show.Text(key.Text)}'.",
            nearest is null ? $"The fields are {string.Join(", ", known)}." : $"Did you mean '{nearest}'?");
    }

    private static string Kind(YamlNode node) => node switch
    {
        YamlList => "a list",
        YamlMap => "a mapping",
        YamlScalar { IsNull: true } => "empty",
        YamlScalar scalar => $"'{Show.Text(scalar.Text)}'",
        _ => "something else",
    };
}
