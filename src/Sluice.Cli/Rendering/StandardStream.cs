using System.Text;
using Sluice.Core;

namespace Sluice.Cli.Rendering;

/// <summary>The standard output, of which is said clearly what cannot be written, or the standard error, where nobody could read that.</summary>
internal sealed class StandardStream(Stream inner, bool isError) : Stream
{
    private const string Code = "output";

    /// <summary>The type of the problem of an output that takes nothing: it cannot take that either.</summary>
    public const string Problem = "urn:sluice:problem:" + Code;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts it under everything that the console prints.</summary>
    public static void TakeOver()
    {
        Console.SetOut(Writer(OpenOutput()));
        Console.SetError(Writer(new StandardStream(Console.OpenStandardError(), isError: true)));
    }

    /// <summary>The standard output, for bytes.</summary>
    public static Stream OpenOutput() => new StandardStream(Console.OpenStandardOutput(), isError: false);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!isError)
            {
                throw new SluiceException(FaultKind.Unavailable, Code, $"The standard output takes nothing: {exception.Message}", exception);
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
