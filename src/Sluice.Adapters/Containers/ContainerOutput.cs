using System.Text;
using Docker.DotNet;
using Sluice.Core.Running;

namespace Sluice.Adapters.Containers;

/// <summary>The output of one container on its way to the log.</summary>
internal sealed class ContainerOutput(MultiplexedStream stream, CommandLog log)
{
    private const int KeptBytes = 300;

    private readonly StringBuilder _first = new();

    /// <summary>How it begins.</summary>
    public string First => _first.ToString();

    /// <summary>Copies until the container has ended, or its engine has: that it has is for others to say.</summary>
    public async Task CopyAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None) is { EOF: false } read)
            {
                if (_first.Length < KeptBytes)
                {
                    _first.Append(Encoding.UTF8.GetString(buffer, 0, Math.Min(read.Count, KeptBytes)));
                }

                log.Append(buffer.AsSpan(0, read.Count));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The connection ended before the container, or in the middle of a piece.
        }
    }
}
