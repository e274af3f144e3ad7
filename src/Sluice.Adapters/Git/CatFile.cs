using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sluice.Adapters.Git;

/// <summary>Streams contents out of <c>git cat-file --batch</c>; memory does not depend on their sizes.</summary>
internal static class CatFile
{
    /// <summary>Reads blobs one after the other.</summary>
    /// <param name="place">The repository.</param>
    /// <param name="ids">Their ids.</param>
    /// <param name="receive">Gets the id and the content, which knows its length; what it leaves unread is skipped.</param>
    /// <param name="cancellationToken">Ends git.</param>
    /// <returns>The ids of those that are not there.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(
        GitPlace place, IReadOnlyCollection<string> ids, Func<string, Stream, CancellationToken, Task> receive, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        using var process = Process.Start(GitProgram.StartInfo(place, "cat-file", "--batch"))!;

        // Reading a header waits for git without a token: its end is what ends that.
        await using var ending = cancellationToken.Register(process.Kill);
        try
        {
            var writing = WriteAsync(process, ids, cancellationToken);
            await using var output = new BufferedStream(process.StandardOutput.BaseStream, 128 * 1024);
            for (var left = ids.Count; left > 0; left--)
            {
                if (await ReadOneAsync(output, receive, cancellationToken) is { } id)
                {
                    missing.Add(id);
                }
            }

            await writing;
            await process.WaitForExitAsync(cancellationToken);
            return missing;
        }
        catch (EndOfStreamException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("Reading from git was cancelled.", exception, cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task WriteAsync(Process process, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            await process.StandardInput.WriteLineAsync(id.AsMemory(), cancellationToken);
        }

        process.StandardInput.Close();
    }

    // The id when it is missing.
    private static async Task<string?> ReadOneAsync(
        BufferedStream output, Func<string, Stream, CancellationToken, Task> receive, CancellationToken cancellationToken)
    {
        var header = ReadLine(output).Split(' ');
        if (header.Length != 3)
        {
            return header[0];
        }

        var content = new LimitedStream(output, long.Parse(header[2], CultureInfo.InvariantCulture));
        await receive(header[0], content, cancellationToken);
        await content.CopyToAsync(Stream.Null, cancellationToken);
        output.ReadByte();
        return null;
    }

    private static string ReadLine(BufferedStream output)
    {
        var line = new StringBuilder();
        for (var next = output.ReadByte(); next != '\n'; next = output.ReadByte())
        {
            line.Append(next < 0 ? throw new EndOfStreamException("git cat-file ended early.") : (char)next);
        }

        return line.ToString();
    }
}
