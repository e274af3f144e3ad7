using Sluice.Core;

namespace Sluice.Adapters.Registry;

/// <summary>Why an image's digest is not to be had; caught where the answers for all images are put together.</summary>
/// <param name="fault">Who has to act.</param>
/// <param name="problem">What is wrong, to stand behind the image's name; no secret and nothing that a server said.</param>
/// <param name="advice">What to do about it.</param>
/// <param name="innerException">What led to it.</param>
internal sealed class RegistryException(FaultKind fault, string problem, string advice, Exception? innerException = null)
    : Exception(problem, innerException)
{
    /// <summary>Who has to act.</summary>
    public FaultKind Fault { get; } = fault;

    /// <summary>What to do about it.</summary>
    public string Advice { get; } = advice;

    /// <summary>Whether the registry has no such image.</summary>
    public bool IsMissing { get; init; }

    /// <summary>The registry gave an answer that is none.</summary>
    public static RegistryException BadAnswer(string host, string what) => new(
        FaultKind.BadGateway, $"could not be looked up: {host} {what}", "Look at the registry, or write the image's digest.");
}
