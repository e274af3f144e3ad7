namespace Sluice.Store.S3;

/// <summary>Reads an object from any position; a connection that breaks is made anew where it broke.</summary>
internal sealed class S3ReadStream(S3Bucket bucket, string name, long length) : Stream
{
    private const int MaxBreaks = 10;

    private Stream? _open;
    private int _breaks;
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position < length && buffer.Length > 0)
        {
            try
            {
                _open ??= await bucket.OpenAsync(name, _position, cancellationToken)
                    ?? throw new FileNotFoundException("The object is gone, or shorter than it was.", name);
                if (await _open.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - _position)], cancellationToken) is > 0 and var read)
                {
                    _position += read;
                    return read;
                }

                throw new EndOfStreamException("The object ended early.");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException and not FileNotFoundException)
            {
                // Trouble of the server, and never of the task whose file this is.
                Close(ref _open);
                if (++_breaks > MaxBreaks)
                {
                    throw bucket.Told(exception);
                }
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it with ReadAsync.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        var to = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        if (to != _position)
        {
            Close(ref _open);
            _position = to;
        }

        return to;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close(ref _open);
        }

        base.Dispose(disposing);
    }

    private static void Close(ref Stream? stream)
    {
        stream?.Dispose();
        stream = null;
    }
}
