using System.Text;

namespace Sluice.Executor;

/// <summary>The command's output, twice: into a file that is kept, up to a limit, and to this process's own output, where the cluster shows it live.</summary>
internal sealed class PodLog(string path, long maxBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stream _output = Console.OpenStandardOutput();
    private FileStream? _file;
    private bool _isFull;

    /// <summary>Why not all of it is in the file.</summary>
    public string? Error { get; private set; }

    /// <summary>Copies one of the two streams to its end.</summary>
    public async Task CopyAsync(Stream source)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await source.ReadAsync(buffer)) > 0;)
        {
            lock (_lock)
            {
                Take(buffer.AsSpan(0, read));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    // What cannot be kept is read all the same: a full disk must not block the command for ever.
    private void Take(ReadOnlySpan<byte> text)
    {
        try
        {
            _output.Write(text);
            _output.Flush();
            if (_isFull)
            {
                return;
            }

            _file ??= new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            var room = maxBytes - _file.Length;
            _file.Write(text[..(int)Math.Clamp(room, 0, text.Length)]);
            if (text.Length > room)
            {
                _isFull = true;
                _file.Write(Encoding.UTF8.GetBytes($"\n[sluice] the log is cut here, at {maxBytes} bytes\n"));
            }
        }
        catch (IOException exception)
        {
            _isFull = true;
            Error = exception.Message;
        }
    }
}
