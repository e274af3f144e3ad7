using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>A log that is read while it grows; ends when its task has ended and all of it was read.</summary>
/// <param name="path">Where it grows.</param>
/// <param name="hasEnded">Whether its task has.</param>
/// <param name="openStored">Opens what was kept of it, where the task has ended before it could be opened here.</param>
internal sealed class FollowedLog(
    string path, Func<CancellationToken, Task<bool>> hasEnded, Func<CancellationToken, Task<Stream>> openStored) : Stream
{
    // A person follows a log: what comes within a fifth of a second is soon enough.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private Stream? _file;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Asked before reading: what was written before the end is then read for certain.
            var isLast = await hasEnded(cancellationToken);
            _file ??= LogFile.TryOpen(path, bufferSize: 0) ?? (isLast ? await openStored(cancellationToken) : null);
            var read = _file is null ? 0 : await _file.ReadAsync(buffer, cancellationToken);
            if (read > 0 || isLast)
            {
                _read += read;
                return read;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }
}
