using System.Text.RegularExpressions;

namespace Sluice.Core.Jobs;

/// <summary>The name of a job: <c>[a-z0-9][a-z0-9_-]{0,62}</c> (contract, section 2).</summary>
public readonly partial record struct JobName
{
    private JobName(string value) => Value = value;

    /// <summary>The name itself; safe as a folder and as part of a URL.</summary>
    public string Value { get; }

    /// <summary>Checks the name.</summary>
    /// <exception cref="SluiceException">It is not a legal name.</exception>
    public static JobName Parse(string? text) => TryParse(text, out var name)
        ? name
        : throw new SluiceException(
            FaultKind.BadRequest,
            "invalid-job-name",
            "job_name is not a legal name; use 1 to 63 of a-z, 0-9, '_' and '-', and begin with a letter or a digit.");

    /// <summary>Checks the name without throwing.</summary>
    public static bool TryParse(string? text, out JobName name)
    {
        var legal = text is not null && Legal().IsMatch(text);
        name = legal ? new JobName(text!) : default;
        return legal;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // \z and not $: the latter lets a final line feed through.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,62}\z")]
    private static partial Regex Legal();
}
