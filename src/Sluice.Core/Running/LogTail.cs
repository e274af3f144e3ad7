using System.Text;

namespace Sluice.Core.Running;

/// <summary>Reads the end of a log without the rest.</summary>
public static class LogTail
{
    /// <summary>The last part of a stream as text; from the start of a line where there is one.</summary>
    /// <param name="log">A seekable stream; its end may grow meanwhile.</param>
    /// <param name="maxBytes">How much at the most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<string> ReadAsync(Stream log, int maxBytes, CancellationToken cancellationToken)
    {
        var start = Math.Max(0, log.Length - maxBytes);
        log.Seek(start, SeekOrigin.Begin);
        var buffer = new byte[maxBytes];
        var length = await log.ReadAtLeastAsync(buffer, maxBytes, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var line = start > 0 ? text.IndexOf('\n', StringComparison.Ordinal) : -1;
        return text[(line + 1)..];
    }
}
