using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;
using Sluice.Core;

namespace Sluice.Cli.Commands;

/// <summary>Finds the run that a command is about: the one named, else the job's newest.</summary>
internal static class RunLookup
{
    public static readonly Option<string> Run = new("--run") { Description = "A run (default: the job's newest)", HelpName = "RUN" };

    /// <summary>The same for what draws a revision as well: HEAD where neither is named.</summary>
    public static readonly Option<string> Drawn = new("--run") { Description = "A run (default: none, but HEAD)", HelpName = "RUN" };

    /// <summary>Its id.</summary>
    /// <exception cref="SluiceException">The job has no run.</exception>
    public static async Task<string> FindAsync(ParseResult parsed, ISluiceApi api, CancellationToken cancellationToken) =>
        parsed.GetValue(Run) ?? (await NewestAsync(parsed, api, cancellationToken)).Id;

    /// <summary>Its id, for a graph: only where Sluice is embedded is one made of a revision that has not run.</summary>
    /// <exception cref="SluiceException">The job has no run, or the arguments ask for more than a run has.</exception>
    public static async Task<string> FindDrawnAsync(ParseResult parsed, ISluiceApi api, CancellationToken cancellationToken)
    {
        var asked = (parsed.GetValue(RunCommand.Targets) ?? []).Concat(parsed.GetValue(RunCommand.Ref) is { } reference ? ["--ref " + reference] : []).ToList();
        if (asked.Count > 0)
        {
            throw new SluiceException(
                FaultKind.BadRequest,
                "no-such-graph",
                $"A run is drawn as it is, and a service draws nothing else: leave out {string.Join(", ", asked)}, or do without {(parsed.GetValue(Drawn) is null ? "the service" : "--run")}.");
        }

        if (parsed.GetValue(Drawn) is { } named)
        {
            return named;
        }

        var newest = await NewestAsync(parsed, api, cancellationToken);
        Output.Note($"note: a service draws what has run: this is the newest run, {newest.Id} of {newest.Commit[..7]}");
        return newest.Id;
    }

    private static async Task<RunView> NewestAsync(ParseResult parsed, ISluiceApi api, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        var newest = await api.ListRunsAsync(target.Job, limit: 1, cancellationToken: cancellationToken);
        return newest.Items is [var run]
            ? run
            : throw new SluiceException(FaultKind.NotFound, "no-run", $"The job '{target.Job}' has no run yet; start one with `sluice run`.");
    }
}
