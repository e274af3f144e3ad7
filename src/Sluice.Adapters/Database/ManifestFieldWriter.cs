using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Database;

/// <summary>Writes the fields of a manifest; <see cref="ManifestFieldReader"/> reads them in the same order.</summary>
internal sealed class ManifestFieldWriter(Stream stream) : IDisposable
{
    private readonly BinaryWriter _writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
    private readonly Dictionary<string, int> _known = [];

    /// <summary>Writes a manifest.</summary>
    public void Write(Manifest manifest)
    {
        Write(manifest.Settings);
        _writer.Write7BitEncodedInt(manifest.Tasks.Length);
        foreach (var task in manifest.Tasks)
        {
            Write(task);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Write(JobSettings settings)
    {
        WriteOptional(settings.Name?.Value);
        WriteOptional(settings.CodeFolder?.Value);
        Write(settings.DataFolder.Value);
        WriteOptional(settings.Shared);
        WriteOptional(settings.EnvironmentFiles);
    }

    private void Write(JobTask task)
    {
        Write(task.Name.Value);
        _writer.Write(task.Command.IsShell);
        Write(task.Command.Words);
        WriteOptional(task.Image);
        _writer.Write((byte)(task.TrackImage switch { null => 0, false => 1, true => 2 }));
        Write(task.Inputs);
        Write(task.Outputs);
        WriteOptional(task.Script?.Value);
        WriteOptional(task.Code);
        WriteOptional(task.EnvironmentFiles);
        _writer.Write7BitEncodedInt(task.Variables.Count);
        foreach (var (name, value) in task.Variables)
        {
            Write(name);
            Write(value);
        }

        Write(task.Params);
        Write(task.Resources);
        _writer.Write7BitEncodedInt64(task.Timeout?.Ticks ?? -1);
        _writer.Write7BitEncodedInt(task.Retries);
        _writer.Write(task.IsCacheable);
        _writer.Write(task.UsesNetwork);
        _writer.Write7BitEncodedInt(task.Position.Line);
        _writer.Write7BitEncodedInt(task.Position.Column);
    }

    private void Write(TaskResources? resources)
    {
        _writer.Write(resources is not null);
        if (resources is not null)
        {
            WriteOptional(resources.Cpu);
            WriteOptional(resources.Memory);
            _writer.Write7BitEncodedInt(resources.Gpu);
        }
    }

    private void Write(ImmutableArray<DataPath> paths)
    {
        _writer.Write7BitEncodedInt(paths.Length);
        foreach (var path in paths)
        {
            Write(path.Path.Value);
            _writer.Write(path.IsFolder);
        }
    }

    private void WriteOptional(ImmutableArray<string>? texts)
    {
        _writer.Write(texts is not null);
        if (texts is { } some)
        {
            Write(some);
        }
    }

    private void Write(ImmutableArray<string> texts)
    {
        _writer.Write7BitEncodedInt(texts.Length);
        foreach (var text in texts)
        {
            Write(text);
        }
    }

    private void WriteOptional(string? text)
    {
        _writer.Write(text is not null);
        if (text is not null)
        {
            Write(text);
        }
    }

    // 0 and the text, or the number of one that was written before.
    private void Write(string text)
    {
        if (_known.TryGetValue(text, out var number))
        {
            _writer.Write7BitEncodedInt(number);
            return;
        }

        _known.Add(text, _known.Count + 1);
        _writer.Write7BitEncodedInt(0);
        _writer.Write(text);
    }
}
