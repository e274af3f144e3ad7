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
    private readonly Queue<byte[]> _ready = [];
    private int _taken;
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
        while (_ready.Count == 0 && !_isAtEnd)
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

    // Whole lines are looked at; of the last one all is passed on at once that cannot become a line of Argo's.
    private void Take(ReadOnlySpan<byte> bytes)
    {
        _held.AddRange(bytes);
        for (var end = _held.IndexOf((byte)'\n'); end >= 0; end = _held.IndexOf((byte)'\n'))
        {
            Pass(WithoutArgos([.. _held[..(end + 1)]]));
            _held.RemoveRange(0, end + 1);
        }

        if (_isAtEnd || _held.Count > MaxHeld)
        {
            Pass(WithoutArgos([.. _held]));
            _held.Clear();
            return;
        }

        var safe = FirstThatMayBeArgos([.. _held]);
        Pass([.. _held[..safe]]);
        _held.RemoveRange(0, safe);
    }

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

    private static byte[] WithoutArgos(byte[] line)
    {
        var place = line.AsSpan().IndexOf(Beginning);
        if (place < 0 || !Argos().IsMatch(Encoding.UTF8.GetString(line, place, line.Length - place)))
        {
            return line;
        }

        return line[..place];
    }

    private void Pass(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            _ready.Enqueue(bytes);
        }
    }

    private int Give(Span<byte> buffer)
    {
        if (!_ready.TryPeek(out var first))
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, first.Length - _taken);
        first.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        if (_taken == first.Length)
        {
            _ready.Dequeue();
            _taken = 0;
        }

        return count;
    }

    [GeneratedRegex("""\Atime="20[^"]*" level=[a-z]+ msg=.* argo=true( |\r?\n|\z)""", RegexOptions.Singleline)]
    private static partial Regex Argos();
}
