using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>What became of the question for an image's digest.</summary>
public sealed record ImageAnswer
{
    private ImageAnswer()
    {
    }

    /// <summary>The digest; null where there is none to be had.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>Who has to act where there is none: the author of the job (Unprocessable), or whoever looks after the registry.</summary>
    public FaultKind Fault { get; private init; }

    /// <summary>Whether its registry knows of no such image: one that is being built may still come.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>What is wrong, to stand behind the image's name.</summary>
    public string Problem { get; private init; } = "";

    /// <summary>What to do about it.</summary>
    public string Advice { get; private init; } = "";

    /// <summary>It was found.</summary>
    public static ImageAnswer Found(Digest digest) => new() { Digest = digest };

    /// <summary>It was not.</summary>
    public static ImageAnswer Failed(FaultKind fault, string problem, string advice, bool isMissing = false) =>
        new() { Fault = fault, Problem = problem, Advice = advice, IsMissing = isMissing };
}
