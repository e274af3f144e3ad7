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

    /// <summary>Where git can be asked what a word names: the checkout, or a bare repository of this machine; null where there is none.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether the job is called after the repository's address, for want of anything better.</summary>
    public bool IsNamedAfterAddress { get; init; }

    /// <summary>What is wrong with what was named as the repository: enough to look at a job, not to run it.</summary>
    private string? Problem { get; init; }

    /// <summary>Finds out from <c>-C</c> and <c>--job</c>.</summary>
    /// <exception cref="SluiceException">There is no repository, or no legal name.</exception>
    public static async Task<Target> FindAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var repository = WithoutScheme(parsed.GetValue(GlobalOptions.Repository)!);
        var job = parsed.GetValue(GlobalOptions.Job);
        if (repository.Contains("://", StringComparison.Ordinal) || (repository.Contains(':', StringComparison.Ordinal) && !Directory.Exists(repository)))
        {
            return new Target { Job = CheckName(job ?? LastPart(repository)), Url = repository, IsNamedAfterAddress = job is null };
        }

        if (await Checkout.FindAsync(repository, cancellationToken) is { } checkout)
        {
            return new Target
            {
                Job = CheckName(job ?? checkout.JobName ?? LastPart(checkout.Root)),
                Url = checkout.Root,
                Checkout = checkout,
                Folder = checkout.Root,
            };
        }

        if (IsBare(repository))
        {
            var full = Path.GetFullPath(repository);
            return new Target { Job = CheckName(job ?? LastPart(full)), Url = full, Folder = full, IsNamedAfterAddress = job is null };
        }

        var problem = await Checkout.ExplainAsync(repository, cancellationToken);
        return job is not null ? new Target { Job = CheckName(job), Problem = problem } : throw NoRepository(problem);
    }

    /// <summary>The request for a run or a plan of it.</summary>
    /// <remarks>Without a reference it is HEAD's commit and not its branch, which may have moved on when the request is read.</remarks>
    /// <exception cref="SluiceException">There is no repository, or it has no such revision.</exception>
    public async Task<RunRequest> RequestAsync(string? reference, CancellationToken cancellationToken) => new()
    {
        JobName = Job,
        JobUrl = Url ?? throw NoRepository(Problem!),
        Ref = reference is null ? Checkout?.Head : await RefOfAsync(reference, cancellationToken),
    };

    /// <summary>The commit that a word names; null where there is no repository to ask.</summary>
    /// <exception cref="SluiceException">The repository knows no such revision.</exception>
    public async Task<string?> CommitOfAsync(string revision, CancellationToken cancellationToken) => Folder is null
        ? null
        : await CheckoutRevision.FindAsync(Folder, revision, cancellationToken)
            ?? throw new SluiceException(
                FaultKind.BadRequest, "unknown-revision", $"'{revision}' is not a revision: the repository {Folder} has no such branch, tag or commit.");

    // A branch or a tag goes by its name, which the run then shows; what only git's own grammar names goes as its commit.
    private async Task<string> RefOfAsync(string reference, CancellationToken cancellationToken)
    {
        foreach (var kind in Folder is null ? [] : new[] { "refs/heads/", "refs/tags/" })
        {
            if (await CheckoutRevision.FindAsync(Folder!, kind + reference, cancellationToken) is not null)
            {
                return reference;
            }
        }

        return await CommitOfAsync(reference, cancellationToken) ?? reference;
    }

    private static string WithoutScheme(string repository) =>
        repository.StartsWith("file:///", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(repository, UriKind.Absolute, out var uri)
            ? uri.LocalPath
            : repository;

    // What git itself looks for: https://git-scm.com/docs/gitrepository-layout
    private static bool IsBare(string folder) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) != ".git"
        && File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs"));

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
