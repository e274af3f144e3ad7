using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Database;

/// <summary>Reads what <see cref="ManifestFieldWriter"/> wrote.</summary>
internal sealed class ManifestFieldReader(Stream stream) : IDisposable
{
    private readonly BinaryReader _reader = new(stream);
    private readonly List<string> _known = [];

    /// <summary>Reads a manifest.</summary>
    public Manifest Read() => new() { Settings = ReadSettings(), Tasks = ReadAll(ReadTask) };

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private JobSettings ReadSettings() => new()
    {
        Name = ReadOptional() is { } name ? JobName.Parse(name) : null,
        CodeFolder = ReadOptional() is { } folder ? RepoPath.Trusted(folder) : null,
        DataFolder = RepoPath.Trusted(ReadText()),
        Shared = ReadOptionalTexts(),
        EnvironmentFiles = ReadOptionalTexts(),
    };

    private JobTask ReadTask() => new()
    {
        Name = new TaskName(ReadText()),
        Command = ReadCommand(),
        Image = ReadOptional(),
        TrackImage = _reader.ReadByte() switch { 0 => null, var value => value == 2 },
        Inputs = ReadAll(ReadPath),
        Outputs = ReadAll(ReadPath),
        Script = ReadOptional() is { } script ? RepoPath.Trusted(script) : null,
        Code = ReadOptionalTexts(),
        EnvironmentFiles = ReadOptionalTexts(),
        Variables = ReadVariables(),
        Params = ReadAll(ReadText),
        Resources = _reader.ReadBoolean() ? new TaskResources(ReadOptional(), ReadOptional(), _reader.Read7BitEncodedInt()) : null,
        Timeout = _reader.Read7BitEncodedInt64() is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null,
        Retries = _reader.Read7BitEncodedInt(),
        IsCacheable = _reader.ReadBoolean(),
        UsesNetwork = _reader.ReadBoolean(),
        Position = new SourcePosition(_reader.Read7BitEncodedInt(), _reader.Read7BitEncodedInt()),
    };

    private TaskCommand ReadCommand()
    {
        var isShell = _reader.ReadBoolean();
        var words = ReadAll(ReadText);
        return isShell ? TaskCommand.Shell(words[0]) : TaskCommand.List(words);
    }

    private ImmutableSortedDictionary<string, string> ReadVariables()
    {
        var count = _reader.Read7BitEncodedInt();
        if (count == 0)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>();
        for (; count > 0; count--)
        {
            var name = ReadText();
            variables.Add(name, ReadText());
        }

        return variables.ToImmutable();
    }

    private DataPath ReadPath() => new(RepoPath.Trusted(ReadText()), _reader.ReadBoolean());

    private ImmutableArray<string>? ReadOptionalTexts() => _reader.ReadBoolean() ? ReadAll(ReadText) : null;

    private string? ReadOptional() => _reader.ReadBoolean() ? ReadText() : null;

    private ImmutableArray<T> ReadAll<T>(Func<T> read)
    {
        var count = _reader.Read7BitEncodedInt();
        if (count == 0)
        {
            return [];
        }

        var all = ImmutableArray.CreateBuilder<T>(count);
        for (; count > 0; count--)
        {
            all.Add(read());
        }

        return all.MoveToImmutable();
    }

    private string ReadText()
    {
        if (_reader.Read7BitEncodedInt() is > 0 and var number)
        {
            return _known[number - 1];
        }

        var text = _reader.ReadString();
        _known.Add(text);
        return text;
    }
}
