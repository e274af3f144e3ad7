using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Sluice.Server.Access;

/// <summary>
/// The tokens that are good now. Their file is looked at again, at most once a second: a Kubernetes Secret is changed in place, by a link that
/// watchers do not see. A file with mistakes changes nothing.
/// </summary>
internal sealed partial class KnownTokens(string path, TimeProvider time, ILogger<KnownTokens> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private IReadOnlyList<AccessToken> _tokens = [];
    private string _lastMistakes = "";
    private long? _readAt;

    /// <summary>Finds a token, in a time that tells nothing of how near it is to one.</summary>
    public AccessToken? Find(string token)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        AccessToken? found = null;
        foreach (var known in Current())
        {
            if (CryptographicOperations.FixedTimeEquals(known.Digest, digest))
            {
                found = known;
            }
        }

        return found;
    }

    private IReadOnlyList<AccessToken> Current()
    {
        lock (_lock)
        {
            if (_readAt is { } before && time.GetElapsedTime(before) < Pause)
            {
                return _tokens;
            }

            var file = TokenFile.Read(path);
            _readAt = time.GetTimestamp();
            var mistakes = string.Join(Environment.NewLine, file.Mistakes);
            if (mistakes.Length == 0)
            {
                _tokens = file.Tokens;
            }
            else if (mistakes != _lastMistakes)
            {
                LogMistakes(mistakes);
            }

            _lastMistakes = mistakes;
            return _tokens;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The file of tokens has mistakes, and those before it stay good: {Mistakes}")]
    private partial void LogMistakes(string mistakes);
}
