using Sluice.Core;

namespace Sluice.Adapters.Git;

/// <summary>The grammar of refs (git-check-ref-format): what does not fit never reaches git.</summary>
internal static class RefNames
{
    private const int MaxLength = 255;

    /// <summary>Checks a branch, a tag or a commit id from outside.</summary>
    /// <exception cref="SluiceException">It is none (BadRequest).</exception>
    public static void Check(string reference)
    {
        var isLegal = reference.Length is > 0 and <= MaxLength
            && reference[0] is not ('-' or '/')
            && !reference.EndsWith('/')
            && !reference.EndsWith('.')
            && !reference.Any(character => char.IsControl(character) || " ~^:?*[\\".Contains(character, StringComparison.Ordinal))
            && !reference.Contains("..", StringComparison.Ordinal)
            && !reference.Contains("@{", StringComparison.Ordinal)
            && !reference.Contains("//", StringComparison.Ordinal)
            && reference != "@"
            && reference.Split('/').All(part => !part.StartsWith('.') && !part.EndsWith(".lock", StringComparison.Ordinal));
        if (!isLegal)
        {
            throw new SluiceException(FaultKind.BadRequest, "invalid-ref", "ref is not the name of a branch or a tag, nor a commit id.");
        }
    }
}
