using System.CommandLine;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice completion</c>: the script that makes a shell complete <c>sluice</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _sluice() {
          local IFS=$'\n'
          COMPREPLY=($(sluice "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null))
        }
        complete -o default -F _sluice sluice
        """;

    private const string Zsh = """
        _sluice() {
          local -a words_found
          words_found=(${(f)"$(sluice "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"})
          compadd -a words_found
        }
        compdef _sluice sluice
        """;

    private const string Fish = """
        complete -f -c sluice -a '(set -l line (commandline -cp); sluice "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'
        """;

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh or fish" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the completion script of a shell: source <(sluice completion bash)") { Shell };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Console.Out.WriteLine(parsed.GetValue(Shell) switch
        {
            "zsh" => Zsh,
            "fish" => Fish,
            _ => Bash,
        });
        return ExitCodes.Done;
    }
}
