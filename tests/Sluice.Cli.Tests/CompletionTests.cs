namespace Sluice.Cli.Tests;

/// <summary>The completion script in a real bash.</summary>
public sealed class CompletionTests : CheckoutFixture
{
    [Theory]
    [InlineData("ru", "run runs")]
    [InlineData("run --f", "--fail-fast --force")]
    [InlineData("dag --format m", "mermaid")]
    [InlineData("log ", "a.py b.py")]
    [InlineData("why b", "b.py")]
    [InlineData("run --force a", "a.py")]
    [InlineData("plan c", "")]
    [InlineData("-C / log ", "")]
    [InlineData("-C /no/such/folder log ", "")]
    public async Task A_word_is_completed_by_what_begins_with_it(string typed, string expected) => Assert.Equal(expected, await CompleteAsync(typed));

    [Fact]
    public async Task A_strangers_name_is_quoted_and_never_expanded()
    {
        Repository.Write("dependencies.yaml", """
            $job: {name: my-job}
            # a comment: here
            "$(touch ran)": {command: x}
            'two words': {command: x}
            """);

        Assert.Equal(@"\$\(touch\ ran\) two\ words", await CompleteAsync("log "));
        Assert.False(File.Exists(Path.Combine(Repository.Path, "ran")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a: [")]
    [InlineData("\0\0")]
    public async Task A_broken_file_completes_nothing_and_says_nothing(string content)
    {
        Repository.Write("dependencies.yaml", content);

        Assert.Equal("a: [" == content ? "a" : "", await CompleteAsync("log "));
    }

    private async Task<string> CompleteAsync(string typed)
    {
        var result = await Sluice.ShellAsync($$"""
            source <("$sluice" completion bash)
            COMP_LINE='sluice {{typed}}' COMP_POINT=${#COMP_LINE}
            COMP_POINT=${#COMP_LINE}
            IFS=' ' read -ra COMP_WORDS <<< "$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _sluice "$sluice"
            echo "${COMPREPLY[*]}"
            """);
        Assert.Equal("", result.StandardError);
        return result.StandardOutput.TrimEnd('\n');
    }
}
