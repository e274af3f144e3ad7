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
    public static ReadOnlySpan<byte> Unpack(byte[] packed)
    {
        using var body = new MemoryStream();
        using var stream = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        stream.CopyTo(body);
        return body.GetBuffer().AsSpan(0, (int)body.Length);
    }
}
