using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Sluice.Cli.Commands;
using Sluice.Cli.Rendering;
using Sluice.Client;
using Sluice.Core;

namespace Sluice.Cli;

/// <summary>The <c>sluice</c> command: parses, runs one command, and turns errors into a message and an exit status.</summary>
internal static class CommandLine
{
    /// <summary>Runs what the arguments say.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var interrupt = new Interrupt();
        try
        {
            var parsed = Build().Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            {
                ErrorText.Write(parsed.Errors.Select(error => error.Message));
                await Console.Error.WriteLineAsync("see sluice --help");
                return ExitCodes.Mistake;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
        }
        catch (SluiceException exception)
        {
            ErrorText.Write(exception);
            return exception.Kind is FaultKind.Unavailable or FaultKind.BadGateway ? ExitCodes.Outside : ExitCodes.Mistake;
        }
        catch (SluiceApiException exception)
        {
            ErrorText.Write(exception.Problem);
            return exception.Problem.Status >= 500 ? ExitCodes.Outside : ExitCodes.Mistake;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // One of the three places where everything is caught: no user sees a stack trace without asking for it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var isVerbose = Environment.GetEnvironmentVariable("SLUICE_DEBUG") == "1";
            await Console.Error.WriteLineAsync(isVerbose ? exception.ToString() : $"sluice: a defect: {Terminal.Safe(exception.Message)} (SLUICE_DEBUG=1 shows where)");
            return ExitCodes.Outside;
        }
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
            ServeCommand.Create(), RunCommand.Create(), PlanCommand.Create(), SyncCommand.Create(), StatusCommand.Create(), WhyCommand.Create(),
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

        return root;
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
