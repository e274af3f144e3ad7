using System.CommandLine;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Server.Hosting;

namespace Sluice.Cli;

/// <summary>Which job a command is about, and where its repository is.</summary>
internal sealed record Target
{
    /// <summary>The job.</summary>
    public required string Job { get; init; }

    /// <summary>The repository's address; null for a job that is only known by name.</summary>
    public string? Url { get; init; }

    /// <summary>The checkout, where the command stands in one.</summary>
    public Checkout? Checkout { get; init; }

    /// <summary>What is wrong with what was named as the repository: enough to look at a job, not to run it.</summary>
    private string? Problem { get; init; }

    /// <summary>Finds out from <c>-C</c> and <c>--job</c>.</summary>
    /// <exception cref="SluiceException">There is no repository, or no legal name.</exception>
    public static async Task<Target> FindAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var repository = parsed.GetValue(GlobalOptions.Repository)!;
        var job = parsed.GetValue(GlobalOptions.Job);
        if (repository.Contains("://", StringComparison.Ordinal) || (repository.Contains(':', StringComparison.Ordinal) && !Directory.Exists(repository)))
        {
            return new Target { Job = CheckName(job ?? LastPart(repository)), Url = repository };
        }

        if (await Checkout.FindAsync(repository, cancellationToken) is { } checkout)
        {
            return new Target { Job = CheckName(job ?? checkout.JobName ?? LastPart(checkout.Root)), Url = checkout.Root, Checkout = checkout };
        }

        var problem = await Checkout.ExplainAsync(repository, cancellationToken);
        return job is not null ? new Target { Job = CheckName(job), Problem = problem } : throw NoRepository(problem);
    }

    /// <summary>The request for a run or a plan of it.</summary>
    /// <exception cref="SluiceException">There is no repository.</exception>
    public RunRequest Request(string? reference) => new()
    {
        JobName = Job,
        JobUrl = Url ?? throw NoRepository(Problem!),
        Ref = reference ?? Checkout?.Head,
    };

    private static SluiceException NoRepository(string problem) => new(FaultKind.BadRequest, "no-repository", problem);

    private static string LastPart(string address)
    {
        var trimmed = address.TrimEnd('/');
        var last = trimmed[(trimmed.LastIndexOfAny(['/', ':']) + 1)..];
        return (last.EndsWith(".git", StringComparison.Ordinal) ? last[..^4] : last).ToLowerInvariant();
    }

    private static string CheckName(string name) => JobName.TryParse(name, out _)
        ? name
        : throw new SluiceException(
            FaultKind.BadRequest,
            "invalid-job-name",
            $"'{name}' cannot be a job's name; name it with --job NAME or with $job.name in dependencies.yaml: 1 to 63 of a-z, 0-9, '_' and '-'.");
}
