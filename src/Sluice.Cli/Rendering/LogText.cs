using System.Text;

namespace Sluice.Cli.Rendering;

/// <summary>A log as a person sees it, piece by piece: it cannot steer the terminal, and a carriage return, alone or before a line feed, ends a line.</summary>
internal sealed class LogText
{
    private bool _isAtStart = true;
    private bool _hasReturned;

    /// <summary>The next piece.</summary>
    public string Show(ReadOnlySpan<char> piece)
    {
        var shown = new StringBuilder(piece.Length);
        foreach (var character in piece)
        {
            // Programs that draw over their line return before they draw, also on an empty one.
            if (_hasReturned && character is not ('\r' or '\n') && !_isAtStart)
            {
                shown.Append('\n');
                _isAtStart = true;
            }

            _hasReturned = character == '\r';
            if (!_hasReturned)
            {
                shown.Append(character);
                _isAtStart = character == '\n';
            }
        }

        return Terminal.Safe(shown.ToString());
    }
}
