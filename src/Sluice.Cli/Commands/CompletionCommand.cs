using System.CommandLine;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice completion</c>: the script that makes a shell complete <c>sluice</c>.</summary>
internal static class CompletionCommand
{
    // What is suggested may hold what begins so or is like it; names are a stranger's text, and never expanded.
    private const string Bash = """
        _sluice() {
          local word quoted current="${COMP_WORDS[COMP_CWORD]}"
          COMPREPLY=()
          while IFS= read -r word; do
            [[ $word == -* && $current != -* ]] && continue
            printf -v quoted %q "$word"
            [[ $word == "$current"* || $quoted == "$current"* ]] && COMPREPLY+=("$quoted")
          done < <("$1" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o default -F _sluice sluice
        """;

    private const string Zsh = """
        _sluice() {
          local -a words_found
          words_found=(${(f)"$(sluice "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"})
          [[ $PREFIX == -* ]] || words_found=(${words_found:#-*})
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
        var command = new Command("completion", "Print the completion script of a shell") { Shell };
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
