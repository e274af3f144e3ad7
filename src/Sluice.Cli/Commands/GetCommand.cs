using System.CommandLine;
using Sluice.Client;
using Sluice.Core;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice get</c>: stored files.</summary>
internal static class GetCommand
{
    private static readonly Argument<string[]> Paths = new("PATH") { Description = "Files below data/; a final / is a folder", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Rev = new("--rev") { Description = "The commit (default HEAD)", HelpName = "REV" };
    private static readonly Option<string> To = new("-o") { Description = "Where to: a file or a folder; - is the standard output", HelpName = "FILE|DIR" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("get", "Get stored files") { Paths, Rev, To };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        await using var session = Session.OpenToLook(parsed);
        var sha = await StoredCommit.FindAsync(target, session.Api, parsed.GetValue(Rev), cancellationToken);
        var stored = await session.Api.GetCommitAsync(target.Job, sha, cancellationToken: cancellationToken);
        var files = parsed.GetValue(Paths)!.SelectMany(path => Match(stored, path)).DistinctBy(file => file.Path).ToList();
        var to = parsed.GetValue(To);
        foreach (var file in files)
        {
            await using var content = await session.Api.GetDataAsync(target.Job, sha, file.Path, cancellationToken: cancellationToken);
            if (to == "-")
            {
                await using var output = Console.OpenStandardOutput();
                await content.CopyToAsync(output, cancellationToken);
            }
            else
            {
                await SaveAsync(content, Destination(file.Path, to, files.Count), cancellationToken);
            }
        }

        return ExitCodes.Done;
    }

    private static List<CommitFileView> Match(CommitView stored, string path)
    {
        var name = path.StartsWith("data/", StringComparison.Ordinal) ? path[5..] : path;
        var found = stored.Files.Where(file => file.Path == name || file.Path.StartsWith(name.TrimEnd('/') + "/", StringComparison.Ordinal)).ToList();
        return found.Count > 0
            ? found
            : throw new SluiceException(
                FaultKind.NotFound, "no-such-file", $"Nothing is stored as '{path}' for {stored.Commit[..7]}; it has {stored.Files.Count} files, see `sluice dag`.");
    }

    private static string Destination(string path, string? to, int count) =>
        to is null ? Path.GetFileName(path)
        : Directory.Exists(to) || to.EndsWith('/') ? Path.Combine(to, Path.GetFileName(path))
        : count == 1 ? to
        : Path.Combine(to, path);

    // Whole or not at all: an interrupted download leaves no half file under its name.
    private static async Task SaveAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Path.GetRandomFileName()}";
        try
        {
            await using (var file = File.Create(temporary))
            {
                await content.CopyToAsync(file, cancellationToken);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        await Console.Error.WriteLineAsync(path);
    }
}
