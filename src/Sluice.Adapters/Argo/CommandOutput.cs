using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Adapters.Argo;

/// <summary>The output of a pod's main container without the lines of Argo's own program, which prints into the same.</summary>
internal sealed partial class CommandOutput(HttpResponseMessage answer, Stream stream) : Stream
{
    private const int MaxHeld = 64 * 1024;

    // How a line of Argo's begins; it may stand after output that did not end its own line.
    private static readonly byte[] Beginning = "time=\"20"u8.ToArray();

    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly List<byte> _held = [];
    private readonly ArrayBufferWriter<byte> _ready = new();
    private int _given;
    private bool _isAtEnd;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready.WrittenCount == 0 && !_isAtEnd)
        {
            var read = await stream.ReadAsync(_buffer, cancellationToken);
            _isAtEnd = read == 0;
            Take(_buffer.AsSpan(0, read));
        }

        return Give(buffer.Span);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read without blocking only.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
            answer.Dispose();
        }

        base.Dispose(disposing);
    }

    // Whole lines are looked at; of the last one all is passed on at once that cannot become a line of Argo's. Every byte is looked at a few times only, however
    // the output comes and however long its lines are: what is held has no end of a line, and either begins like one of Argo's or is shorter than that.
    private void Take(ReadOnlySpan<byte> bytes)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            _held.AddRange(bytes[..(end + 1)]);
            PassWithoutArgos();
        }

        _held.AddRange(bytes);
        if (_isAtEnd || _held.Count > MaxHeld)
        {
            PassWithoutArgos();
        }
        else if (!Held.StartsWith(Beginning))
        {
            var safe = FirstThatMayBeArgos(Held);
            _ready.Write(Held[..safe]);
            _held.RemoveRange(0, safe);
        }
    }

    private ReadOnlySpan<byte> Held => CollectionsMarshal.AsSpan(_held);

    private static int FirstThatMayBeArgos(ReadOnlySpan<byte> line)
    {
        var whole = line.IndexOf(Beginning);
        if (whole >= 0)
        {
            return whole;
        }

        for (var length = Math.Min(Beginning.Length - 1, line.Length); length > 0; length--)
        {
            if (line.EndsWith(Beginning.AsSpan(0, length)))
            {
                return line.Length - length;
            }
        }

        return line.Length;
    }

    private void PassWithoutArgos()
    {
        var place = Held.IndexOf(Beginning);
        var isArgos = place >= 0 && Argos().IsMatch(Encoding.UTF8.GetString(Held[place..]));
        _ready.Write(isArgos ? Held[..place] : Held);
        _held.Clear();
    }

    private int Give(Span<byte> buffer)
    {
        var given = _ready.WrittenSpan[_given..];
        given = given[..Math.Min(buffer.Length, given.Length)];
        given.CopyTo(buffer);
        _given += given.Length;
        if (_given == _ready.WrittenCount)
        {
            _ready.ResetWrittenCount();
            _given = 0;
        }

        return given.Length;
    }

    [GeneratedRegex("""\Atime="20[^"]*" level=[a-z]+ msg=.* argo=true( |\r?\n|\z)""", RegexOptions.Singleline)]
    private static partial Regex Argos();
}
