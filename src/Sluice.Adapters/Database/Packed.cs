using System.IO.Compression;

namespace Sluice.Adapters.Database;

/// <summary>Compresses large bodies, quickly rather than well.</summary>
internal static class Packed
{
    /// <summary>Makes it small.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> body)
    {
        using var packed = new MemoryStream();
        using (var stream = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }

    /// <summary>Makes it whole again.</summary>
    /// <exception cref="InvalidDataException">It was not made by <see cref="Pack"/>.</exception>
    public static ReadOnlySpan<byte> Unpack(byte[] packed)
    {
        using var body = new MemoryStream();
        using var stream = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        try
        {
            stream.CopyTo(body);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException("It cannot be decompressed.", exception);
        }

        return body.GetBuffer().AsSpan(0, (int)body.Length);
    }
}
