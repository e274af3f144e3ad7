using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;
using Sluice.Core;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice get</c>: stored files.</summary>
internal static class GetCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files below data/, and folders, whose files keep their path below them",
        Arity = ArgumentArity.OneOrMore,
    };

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
        var (to, isJson) = (parsed.GetValue(To), parsed.GetValue(GlobalOptions.Json));
        if (isJson && to == GetLayout.Output)
        {
            throw new SluiceException(FaultKind.BadRequest, "usage", "--json and -o - both want the standard output; leave one out.");
        }

        var target = await Target.FindAsync(parsed, cancellationToken);
        await using var session = Session.OpenToLook(parsed);
        var sha = await StoredCommit.FindAsync(target, session.Api, parsed.GetValue(Rev), cancellationToken);
        var stored = await session.Api.GetCommitAsync(target.Job, sha, cancellationToken: cancellationToken);
        var placed = GetLayout.Decide(stored, parsed.GetValue(Paths)!, to);
        foreach (var (file, place) in placed)
        {
            await using var content = await session.Api.GetDataAsync(target.Job, stored.Commit, file.Path, stored.Run, cancellationToken);
            await (to == GetLayout.Output ? PrintAsync(content, cancellationToken) : SaveAsync(content, file, place, cancellationToken));
        }

        if (isJson)
        {
            Output.Json(stored with { Files = [.. placed.Select(it => it.File)] }, ClientJson.Default.CommitView);
        }

        return ExitCodes.Done;
    }

    private static async Task PrintAsync(Stream content, CancellationToken cancellationToken)
    {
        await using var output = StandardStream.OpenOutput();
        await content.CopyToAsync(output, cancellationToken);
    }

    // Whole or not at all: an interrupted download leaves no half file under its name.
    private static async Task SaveAsync(Stream content, CommitFileView about, string place, CancellationToken cancellationToken)
    {
        try
        {
            var full = Path.GetFullPath(place);
            var folder = Path.GetDirectoryName(full)!;
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, $".sluice-{Path.GetRandomFileName()}");
            try
            {
                await using (var file = File.Create(temporary))
                {
                    await content.CopyToAsync(file, cancellationToken);
                }

                if (about.Executable)
                {
                    MakeExecutable(temporary);
                }

                File.Move(temporary, full, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(FaultKind.BadRequest, "wrong-target", $"'{place}' cannot be written: {exception.Message}", exception);
        }

        await Console.Error.WriteLineAsync(Terminal.Safe(place));
    }

    // For those who may read it, which the umask has decided.
    private static void MakeExecutable(string path)
    {
        var mode = (int)File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, (UnixFileMode)(mode | ((mode & 0b100_100_100) >> 2)));
    }
}
