using System.Security.Cryptography;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Adapters.Git;

/// <summary>A content that checks itself: its end is only reached when size and digest are right.</summary>
internal sealed class CheckedStream(Stream inner, BlobInfo expected, RepoPath path) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _isChecked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => expected.Size;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Take(buffer.AsSpan(offset, read), count);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Take(buffer.Span[..read], buffer.Length);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> bytes, int wanted)
    {
        _hash.AppendData(bytes);
        _read += bytes.Length;
        if (_read > expected.Size || (bytes.IsEmpty && wanted > 0 && !_isChecked && !IsRight()))
        {
            throw new SluiceException(
                FaultKind.BadGateway, "lfs-object-damaged", $"The LFS content of '{path}' is not what its pointer says; push it again.");
        }
    }

    private bool IsRight()
    {
        _isChecked = true;
        return _read == expected.Size && Digest.FromHash(_hash.GetHashAndReset()) == expected.Digest;
    }
}
