using System.Collections.Immutable;
using System.Text;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Core.Builds;

/// <summary>A Dockerfile of the repository; its context is taken to be the repository's root.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Reads">What it takes from the context.</param>
/// <param name="Ignore">What is no part of the context.</param>
internal sealed record BuildFile(RepoPath Path, ImmutableArray<BuildRead> Reads, IgnoreFile Ignore)
{
    /// <summary>The file that builds read where nothing else is said.</summary>
    public static readonly RepoPath Default = RepoPath.Trusted("Dockerfile");

    private const int MaxBytes = 256 * 1024;

    /// <summary>The Dockerfiles that may build a task's image: those among its environment files, else the one at the root.</summary>
    public static ImmutableArray<RevisionFile> Of(FileSet environmentFiles, Revision revision)
    {
        var named = environmentFiles.Files.Where(file => Dockerfile.IsName(file.Path.Value[(file.Path.Value.LastIndexOf('/') + 1)..])).ToImmutableArray();
        return !named.IsEmpty ? named : revision.Find(Default) is { IsReadable: true } root ? [root] : [];
    }

    /// <summary>Reads one with its <c>.dockerignore</c>.</summary>
    /// <returns>Null where one of them is too large.</returns>
    public static async Task<BuildFile?> ReadAsync(IRepository repository, Revision revision, RevisionFile file, CancellationToken cancellationToken)
    {
        // The one of its own stands in place of the one for all.
        var ignore = revision.Find(RepoPath.Trusted($"{file.Path}.dockerignore")) ?? revision.Find(RepoPath.Trusted(".dockerignore"));
        return await TextAsync(file) is { } text
            && (ignore is not { IsReadable: true } ? "" : await TextAsync(ignore)) is { } lines
            && IgnoreFile.Parse(lines) is { } ignored
            ? new BuildFile(file.Path, Dockerfile.Parse(text), ignored)
            : null;

        async Task<string?> TextAsync(RevisionFile from) =>
            await repository.ReadSmallAsync(from, MaxBytes, cancellationToken) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
    }
}
