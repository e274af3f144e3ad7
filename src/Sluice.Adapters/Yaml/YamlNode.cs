using System.Text.RegularExpressions;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>A node of a YAML document with its place. An alias is the node that it names, not a copy.</summary>
internal abstract record YamlNode(SourcePosition Position);

/// <summary>A text, a number, a boolean or a null, as written.</summary>
/// <param name="Position">Its place.</param>
/// <param name="Text">As written, quotes and escapes resolved.</param>
/// <param name="IsPlain">Without quotes, so that it may be something else than a text.</param>
internal sealed partial record YamlScalar(SourcePosition Position, string Text, bool IsPlain) : YamlNode(Position)
{
    /// <summary>Whether it stands for no value (YAML 1.2 core schema).</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Whether it is a boolean (YAML 1.2 core schema).</summary>
    public bool IsBoolean => IsPlain && Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    /// <summary>Whether it is a number (YAML 1.2 core schema).</summary>
    public bool IsNumber => IsPlain && NumberForm().IsMatch(Text);

    [GeneratedRegex(@"\A([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex NumberForm();
}

/// <summary>A list.</summary>
internal sealed record YamlList(SourcePosition Position, List<YamlNode> Items) : YamlNode(Position);

/// <summary>A mapping with its entries in the order of the file, merge keys expanded.</summary>
internal sealed record YamlMap(SourcePosition Position, List<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Position);
