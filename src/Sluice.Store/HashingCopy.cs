using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Sluice.Core.Results;

namespace Sluice.Store;

/// <summary>Reads a content once, hashing it and, where wanted, writing it elsewhere. Reading ahead overlaps with hashing.</summary>
internal static class HashingCopy
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Hashes a file.</summary>
    public static async Task<BlobInfo> HashAsync(string path, CancellationToken cancellationToken)
    {
        using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(handle);
        if (length > BufferBytes)
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return await CopyAsync(stream, target: null, cancellationToken);
        }

        // Most files are small: one read, no second buffer.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(length, 1));
        try
        {
            var read = 0;
            for (int more; read < length && (more = RandomAccess.Read(handle, buffer.AsSpan(read, (int)length - read), read)) > 0;)
            {
                read += more;
            }

            return new BlobInfo(Digest.Of(buffer.AsSpan(0, read)), read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Hashes what a stream holds, and writes it to a file where one is given.</summary>
    public static async Task<BlobInfo> CopyAsync(Stream source, SafeFileHandle? target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (current, next) = (ArrayPool<byte>.Shared.Rent(BufferBytes), ArrayPool<byte>.Shared.Rent(BufferBytes));
        try
        {
            var size = 0L;
            var read = await source.ReadAsync(current.AsMemory(0, BufferBytes), cancellationToken);
            while (read > 0)
            {
                var ahead = source.ReadAsync(next.AsMemory(0, BufferBytes), cancellationToken).AsTask();
                hash.AppendData(current, 0, read);
                if (target is not null)
                {
                    RandomAccess.Write(target, current.AsSpan(0, read), size);
                }

                size += read;
                read = await ahead;
                (current, next) = (next, current);
            }

            return new BlobInfo(Digest.FromHash(hash.GetHashAndReset()), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(next);
        }
    }
}
