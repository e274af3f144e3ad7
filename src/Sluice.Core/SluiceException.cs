namespace Sluice.Core;

/// <summary>An error for a person: the message says what is wrong, where, and what to do.</summary>
/// <param name="kind">Who has to act.</param>
/// <param name="code">Stable, kebab-case; the last part of the problem's <c>type</c> (contract, section 2).</param>
/// <param name="message">One or two sentences, without a stack trace or a secret in them.</param>
/// <param name="innerException">What led to it, for the log only.</param>
public class SluiceException(FaultKind kind, string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Who has to act.</summary>
    public FaultKind Kind { get; } = kind;

    /// <summary>Stable, kebab-case name of the error.</summary>
    public string Code { get; } = code;
}
