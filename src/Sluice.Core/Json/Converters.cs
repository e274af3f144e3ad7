using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Core.Json;

internal sealed class JobNameConverter : TextConverter<JobName>
{
    protected override JobName Parse(string text) =>
        JobName.TryParse(text, out var name) ? name : throw new FormatException("Not a job name.");
}

internal sealed class TaskNameConverter : TextConverter<TaskName>
{
    protected override TaskName Parse(string text) => new(text);
}

internal sealed class RepoPathConverter : TextConverter<RepoPath>
{
    // Checked again: a store may have been written to by other hands, and paths become files.
    protected override RepoPath Parse(string text) =>
        RepoPath.Check(text, out var path) is { } wrong ? throw new FormatException($"A path {wrong}.") : path;
}

internal sealed class DataPathConverter : TextConverter<DataPath>
{
    protected override DataPath Parse(string text) =>
        RepoPath.Check(text, out var path) is { } wrong
            ? throw new FormatException($"A path {wrong}.")
            : new DataPath(path, text.EndsWith('/'));
}

internal sealed class CommitIdConverter : TextConverter<CommitId>
{
    protected override CommitId Parse(string text) => CommitId.Parse(text);
}

internal sealed class RunIdConverter : TextConverter<RunId>
{
    protected override RunId Parse(string text) => RunId.Parse(text);
}

internal sealed class DigestConverter : TextConverter<Digest>
{
    protected override Digest Parse(string text) => Digest.Parse(text);
}

internal sealed class FingerprintConverter : TextConverter<Fingerprint>
{
    protected override Fingerprint Parse(string text) => new(Digest.Parse(text));
}

internal sealed class TaskCommandConverter : JsonConverter<TaskCommand>
{
    public override TaskCommand Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return TaskCommand.Shell(reader.GetString()!);
        }

        var words = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            words.Add(reader.GetString() ?? throw new JsonException("A word of the command is missing."));
        }

        return TaskCommand.List([.. words]);
    }

    public override void Write(Utf8JsonWriter writer, TaskCommand value, JsonSerializerOptions options)
    {
        if (value.IsShell)
        {
            writer.WriteStringValue(value.Words[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var word in value.Words)
        {
            writer.WriteStringValue(word);
        }

        writer.WriteEndArray();
    }
}

internal sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
