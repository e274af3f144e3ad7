using System.Text;

namespace Sluice.Core.Running;

/// <summary>The log file of one command: appended to, made with the first byte, and cut with a note where it gets too large.</summary>
public sealed class CommandLog(string path, long maxBytes) : IDisposable
{
    private FileStream? _file;
    private bool _isFull;

    /// <summary>Why not all of the output could be written; null where all was.</summary>
    public string? Error { get; private set; }

    /// <summary>Takes output. What cannot be kept is dropped: a full disk must not block the command for ever.</summary>
    public void Append(ReadOnlySpan<byte> text) => _isFull = _isFull || !TryAppend(text);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    // Whatever is empty there the command has made: a pipe would block for ever who opens it.
    private FileStream Open() => new FileInfo(path) is { Exists: true, Length: 0 }
        ? throw new IOException("the command has put something in its place")
        : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private bool TryAppend(ReadOnlySpan<byte> text)
    {
        try
        {
            _file ??= Open();
            var room = maxBytes - _file.Length;
            _file.Write(text[..(int)Math.Clamp(room, 0, text.Length)]);
            if (text.Length <= room)
            {
                return true;
            }

            _file.Write(Encoding.UTF8.GetBytes($"\n[sluice] the log is cut here, at {maxBytes} bytes\n"));
            return false;
        }
        catch (IOException exception)
        {
            Error = exception.Message;
            return false;
        }
    }
}
