using System.Text;
using Sluice.Core.Jobs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Adapters.Yaml;

/// <summary>
/// Reads one YAML document into a tree with positions, within limits that hold for any input: depth, number of nodes after the expansion of
/// aliases, and one document. Tags are refused.
/// </summary>
internal sealed class YamlTreeReader(string file)
{
    private const int MaxDepth = 32;

    private const int MaxNodes = 4_000_000;

    private readonly Dictionary<string, (YamlNode Node, int Size)> _anchors = [];
    private int _nodes;

    /// <summary>The mistakes found on the way; the tree is then still what could be read.</summary>
    public List<Mistake> Mistakes { get; } = [];

    /// <summary>The tree; null for an empty document or one that cannot be read at all.</summary>
    public YamlNode? Read(ReadOnlyMemory<byte> utf8)
    {
        if (Decode(utf8.Span) is not { } text)
        {
            return null;
        }

        var scanner = new Scanner(new StringReader(text));
        try
        {
            var parser = new Parser(scanner);
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Current is DocumentStart second)
            {
                Report(PositionOf(second), "There is a second YAML document.", "Leave out '---' after the first one.");
            }

            return root;
        }
        catch (YamlException exception)
        {
            Report(
                PositionOf(exception.Start),
                $"This is not YAML: {exception.Message.TrimEnd('.')}.",
                "Indent with spaces, and quote texts with special characters.");
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // YamlDotNet's scanner answers some broken texts so, without a place: it met a key within brackets, more often than not.
            Report(PositionOf(scanner.CurrentPosition), "This is not YAML from here on.", "Look above for a bracket or a quote that nothing closes.");
            return null;
        }
        catch (LimitException exception)
        {
            Report(exception.Position, exception.Message, "Write it more plainly.");
            return null;
        }
    }

    private string? Decode(ReadOnlySpan<byte> utf8)
    {
        string text;
        try
        {
            // A byte order mark is no part of the first name.
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8);
        }
        catch (DecoderFallbackException)
        {
            Report(default, "It is not UTF-8.", "Save it as UTF-8.");
            return null;
        }

        var bad = text.AsSpan().IndexOfAnyInRange('\0', '\u0008');
        if (bad < 0)
        {
            return text;
        }

        var line = 1 + text.AsSpan(0, bad).Count('\n');
        var column = bad - text.LastIndexOf('\n', bad);
        Report(new SourcePosition(line, column), $"There is a control character (U+{(int)text[bad]:X4}).", "Take it out.");
        return null;
    }

    private YamlNode ReadNode(Parser parser, int depth)
    {
        var position = PositionOf(parser.Current!);
        if (depth > MaxDepth)
        {
            throw new LimitException(position, $"It is nested more than {MaxDepth} deep.");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var known))
            {
                throw new LimitException(position, $"The alias '*{Show.Text(alias.Value.Value)}' names no anchor before it.");
            }

            Count(known.Size, position);
            return known.Node;
        }

        var before = _nodes;

        // For some keys without a value, as in "- :", YamlDotNet has none either.
        var start = parser.Current as NodeEvent ?? throw new LimitException(position, "A value is missing.");
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
        {
            Report(position, $"There is a tag, '{Show.Text(start.Tag.Value)}'.", "Tags are not supported: leave it out.");
        }

        Count(1, position);
        YamlNode node = start switch
        {
            MappingStart => ReadMap(parser, position, depth),
            SequenceStart => ReadList(parser, position, depth),
            _ => ReadScalar(parser, position),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = (node, _nodes - before);
        }

        return node;
    }

    private static YamlScalar ReadScalar(Parser parser, SourcePosition position)
    {
        var scalar = parser.Consume<Scalar>();
        return new YamlScalar(position, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private YamlList ReadList(Parser parser, SourcePosition position, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(parser, depth + 1));
        }

        return new YamlList(position, items);
    }

    private YamlMap ReadMap(Parser parser, SourcePosition position, int depth)
    {
        parser.Consume<MappingStart>();
        var entries = new List<(YamlScalar Key, YamlNode Value)>();
        var merged = new List<YamlMap>();
        var keys = new Dictionary<string, SourcePosition>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(parser, depth + 1);
            var value = ReadNode(parser, depth + 1);
            if (key is not YamlScalar name)
            {
                Report(key.Position, "A key is not a text.", "Write 'key: value'.");
            }
            else if (name is { IsPlain: true, Text: "<<" })
            {
                merged.AddRange(MergedMaps(value));
            }
            else if (!keys.TryAdd(name.Text, name.Position))
            {
                Report(
                    name.Position,
                    $"The key '{Show.Text(name.Text)}' is there twice; the first is in line {keys[name.Text].Line}.",
                    "Rename one of them, or take it out.");
            }
            else
            {
                entries.Add((name, value));
            }
        }

        // An own key wins over a merged one, an earlier merge over a later one. All of it was counted with its alias.
        foreach (var (key, value) in merged.SelectMany(map => map.Entries))
        {
            if (keys.TryAdd(key.Text, key.Position))
            {
                entries.Add((key, value));
            }
        }

        return new YamlMap(position, entries);
    }

    private IEnumerable<YamlMap> MergedMaps(YamlNode value)
    {
        foreach (var node in value is YamlList list ? list.Items : [value])
        {
            if (node is YamlMap map)
            {
                yield return map;
            }
            else
            {
                Report(node.Position, "'<<' merges something that is not a mapping.", "Merge the alias of a mapping.");
            }
        }
    }

    // Counting an alias with all that it stands for bounds every later walk over the tree, and what tasks keep of it. A hundred thousand tasks
    // may merge some thirty values each.
    private void Count(int nodes, SourcePosition position)
    {
        if (nodes > MaxNodes - _nodes)
        {
            throw new LimitException(position, $"It has more than {MaxNodes:N0} values once its aliases are expanded.");
        }

        _nodes += nodes;
    }

    private void Report(SourcePosition position, string problem, string advice) =>
        Mistakes.Add(new Mistake(file, position.Line, position.Column, problem, advice));

    private static SourcePosition PositionOf(ParsingEvent at) => PositionOf(at.Start);

    private static SourcePosition PositionOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private sealed class LimitException(SourcePosition position, string message) : Exception(message)
    {
        public SourcePosition Position { get; } = position;
    }
}
