using System.CommandLine;
using Sluice.Client;
using Sluice.Core;

namespace Sluice.Cli.Commands;

/// <summary>Finds the run that a command is about: the one named, else the job's newest.</summary>
internal static class RunLookup
{
    public static readonly Option<string> Run = new("--run") { Description = "A run (default: the job's newest)", HelpName = "RUN" };

    /// <summary>Its id.</summary>
    /// <exception cref="SluiceException">The job has no run.</exception>
    public static async Task<string> FindAsync(ParseResult parsed, ISluiceApi api, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Run) is { } named)
        {
            return named;
        }

        var target = await Target.FindAsync(parsed, cancellationToken);
        var newest = await api.ListRunsAsync(target.Job, limit: 1, cancellationToken: cancellationToken);
        return newest.Items is [var run]
            ? run.Id
            : throw new SluiceException(FaultKind.NotFound, "no-run", $"The job '{target.Job}' has no run yet; start one with `sluice run`.");
    }
}
