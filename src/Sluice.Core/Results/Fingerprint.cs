using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Core.Results;

/// <summary>The digest of everything that decides a task's bytes; results are kept by it.</summary>
public readonly record struct Fingerprint(Digest Digest) : IComparable<Fingerprint>
{
    /// <summary>First in every encoding: a change of the encoding or of a field's meaning takes another.</summary>
    private const string Schema = "sluice-fingerprint/1";

    /// <summary>
    /// Hashes the fields in the canonical order (kind, then subject, ordinally), every text preceded by its length in UTF-8
    /// bytes as a big-endian 32-bit number, so that no two lists of fields share an encoding.
    /// </summary>
    /// <param name="sortedFields">Fields in canonical order; <see cref="Planning.FieldBuilder"/> gives them so.</param>
    public static Fingerprint Of(ReadOnlySpan<FingerprintField> sortedFields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[1024];
        Append(hash, Schema, buffer);
        foreach (var field in sortedFields)
        {
            Append(hash, Name(field.Kind), buffer);
            Append(hash, field.Subject, buffer);
            Append(hash, field.Value, buffer);
        }

        Span<byte> result = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(result);
        return new Fingerprint(Digest.FromHash(result));
    }

    /// <inheritdoc/>
    public int CompareTo(Fingerprint other) => Digest.CompareTo(other.Digest);

    /// <inheritdoc/>
    public override string ToString() => Digest.ToString();

    // Fixed names, so that renaming a member of the enum changes no fingerprint.
    private static string Name(FieldKind kind) => kind switch
    {
        FieldKind.Command => "command",
        FieldKind.Script => "script",
        FieldKind.Code => "code",
        FieldKind.EnvironmentFiles => "environment_files",
        FieldKind.Variable => "variable",
        FieldKind.Param => "param",
        FieldKind.Input => "input",
        FieldKind.Output => "output",
        FieldKind.Image => "image",
        FieldKind.Network => "network",
        FieldKind.Platform => "platform",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static void Append(IncrementalHash hash, string text, Span<byte> buffer)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var encoded = length + sizeof(int) <= buffer.Length ? buffer[..(length + sizeof(int))] : new byte[length + sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(encoded, length);
        Encoding.UTF8.GetBytes(text, encoded[sizeof(int)..]);
        hash.AppendData(encoded);
    }
}
