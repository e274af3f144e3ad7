using System.Security.Cryptography;

namespace Sluice.Server.Access;

/// <summary>A file of tokens: <c>name role sha256</c> on each line, blank lines and comments (<c>#</c>) aside.</summary>
internal sealed class TokenFile
{
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly List<AccessToken> _tokens = [];
    private readonly List<string> _mistakes = [];

    private TokenFile()
    {
    }

    /// <summary>Its tokens.</summary>
    public IReadOnlyList<AccessToken> Tokens => _tokens;

    /// <summary>What is wrong with it. Nothing of a line is repeated: it may hold a token where another word belongs.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Reads a file.</summary>
    public static TokenFile Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var unread = new TokenFile();
            unread._mistakes.Add($"{path}: {exception.Message}");
            return unread;
        }
    }

    private static TokenFile Parse(string path, string text)
    {
        var file = new TokenFile();
        var lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].Trim();
            if (line.Length > 0 && line[0] != '#' && file.Take(line) is { } mistake)
            {
                file._mistakes.Add($"{path}:{index + 1}: {mistake}");
            }
        }

        return file;
    }

    private string? Take(string line)
    {
        var words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3)
        {
            return "a token is three words: name, role and the SHA-256 of the token.";
        }

        if (words[0].Any(char.IsControl) || _tokens.Any(token => token.Name == words[0]))
        {
            return "the name is taken, or has a control character.";
        }

        if (!Roles.TryParse(words[1], out var role))
        {
            return $"the role is {Roles.List}.";
        }

        if (words[2].Length != SHA256.HashSizeInBytes * 2 || !words[2].All(char.IsAsciiHexDigit))
        {
            return "the SHA-256 of the token is 64 hexadecimal digits.";
        }

        _tokens.Add(new AccessToken(words[0], role, Convert.FromHexString(words[2])));
        return null;
    }
}
