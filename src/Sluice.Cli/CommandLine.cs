using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Sluice.Cli.Commands;
using Sluice.Cli.Rendering;
using Sluice.Core;

namespace Sluice.Cli;

/// <summary>The <c>sluice</c> command: parses, runs one command, and turns errors into a message and an exit status.</summary>
internal static class CommandLine
{
    /// <summary>Runs what the arguments say.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        StandardStream.TakeOver();
        using var interrupt = new Interrupt();
        try
        {
            // '@' is HEAD, as in git, and no file with more arguments.
            var parsed = Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            {
                return ErrorText.Write(Failure.OfArguments(MistakesOf(parsed)), args);
            }

            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // One of the three places where everything is caught: no user sees a stack trace without asking for it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ErrorText.Write(Failure.Of(exception), args);
        }
    }

    private static IEnumerable<string> MistakesOf(ParseResult parsed)
    {
        var nearest = parsed is { CommandResult.Command: RootCommand root, UnmatchedTokens: [var word, ..] }
            ? NearestName.Find(word, root.Subcommands.Select(command => command.Name))
            : null;
        return parsed.Errors.Select(error => error.Message).Concat(nearest is null ? [] : [$"Did you mean 'sluice {nearest}'?"]);
    }

    private static RootCommand Build()
    {
        var root = new RootCommand("Sluice re-runs only what a commit changed.");
        foreach (var option in GlobalOptions.All)
        {
            root.Options.Add(option);
        }

        Command[] commands =
        [
            ServeCommand.Create(), .. RunCommand.Create(), PlanCommand.Create(), StatusCommand.Create(), WhyCommand.Create(),
            LogCommand.Create(), RunsCommand.Create(), JobsCommand.Create(), GetCommand.Create(), DiffCommand.Create(), DagCommand.Create(),
            RenderCommand.Create(), VerifyCommand.Create(), GcCommand.Create(), ReindexCommand.Create(), CompletionCommand.Create(),
        ];
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        foreach (var argument in commands.SelectMany(command => command.Arguments).Distinct())
        {
            argument.Validators.Add(RefuseOptions);
        }

        // What Windows calls help is a folder here, and would be offered by every completion.
        var help = root.Options.OfType<HelpOption>().Single();
        foreach (var alias in new[] { "/?", "/h", "-?" })
        {
            help.Aliases.Remove(alias);
        }

        help.Action = new HelpPage();
        root.SetAction(ShowHelp);
        return root;
    }

    private static int ShowHelp(ParseResult parsed)
    {
        new HelpPage().Invoke(parsed);
        return ExitCodes.Mistake;
    }

    // An option that is not known would be taken for the name of a task.
    private static void RefuseOptions(ArgumentResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value.Length > 1 && token.Value[0] == '-'))
        {
            result.AddError($"There is no option '{Terminal.Safe(token.Value)}'; see --help.");
        }
    }
}
