using System.Text;
using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>
/// Some files with their modes and contents as one text, sorted by path: a line <c>mode sha256:… path</c> for each. Its digest stands for
/// all of them in a fingerprint; the text itself is kept in the store, so that <c>why</c> can name the file that differs.
/// </summary>
public sealed class FileListing
{
    private FileListing(string text) => (Text, Digest) = (text, Digest.Of(text));

    /// <summary>The text; empty for no files.</summary>
    public string Text { get; }

    /// <summary>The digest of the text.</summary>
    public Digest Digest { get; }

    /// <summary>Lists files; the order in which they come does not matter.</summary>
    public static FileListing Of(IEnumerable<StoredFile> files)
    {
        var text = new StringBuilder();
        foreach (var file in files.OrderBy(file => file.Path.Value, StringComparer.Ordinal))
        {
            text.Append(ModeAndDigest(file)).Append(' ').Append(file.Path.Value).Append('\n');
        }

        return new FileListing(text.ToString());
    }

    /// <summary>What a listing says of one file, and a fingerprint of an input: mode as git writes it, and digest.</summary>
    public static string ModeAndDigest(StoredFile file) => $"{(file.IsExecutable ? "100755" : "100644")} {file.Content.Digest}";

    /// <summary>The lines of a stored listing by path; a line that is none is left out.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ', 3) is [var mode, var digest, var path])
            {
                lines[path] = $"{mode} {digest}";
            }
        }

        return lines;
    }
}
