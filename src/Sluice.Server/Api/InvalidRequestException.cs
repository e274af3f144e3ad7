using Sluice.Client;
using Sluice.Core;

namespace Sluice.Server.Api;

/// <summary>A request that cannot be understood, with every mistake found in it.</summary>
internal sealed class InvalidRequestException(IReadOnlyList<MistakeView> mistakes)
    : SluiceException(FaultKind.BadRequest, "bad-request", Summary(mistakes))
{
    /// <summary>Every mistake.</summary>
    public IReadOnlyList<MistakeView> Mistakes { get; } = mistakes;

    private static string Summary(IReadOnlyList<MistakeView> mistakes)
    {
        var first = $"{(mistakes[0].Field is { } field ? field + ": " : "")}{mistakes[0].Problem} {mistakes[0].Advice}";
        return mistakes.Count == 1 ? first : $"{mistakes.Count} mistakes in the request; the first: {first}";
    }
}
