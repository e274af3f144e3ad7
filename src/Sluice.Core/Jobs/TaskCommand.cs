using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>What a task runs: a string for <c>/bin/sh -c</c>, or a list that runs as it is.</summary>
public sealed record TaskCommand
{
    private TaskCommand(bool isShell, ImmutableArray<string> words) => (IsShell, Words) = (isShell, words);

    /// <summary>Whether the command is one string for the shell.</summary>
    public bool IsShell { get; }

    /// <summary>The one string, or the words of the list.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>What is executed: the program, then its arguments.</summary>
    public ImmutableArray<string> Argv => IsShell ? ["/bin/sh", "-c", Words[0]] : Words;

    /// <summary>A command in string form.</summary>
    public static TaskCommand Shell(string text) => new(true, [text]);

    /// <summary>A command in list form; the first word is the program.</summary>
    public static TaskCommand List(ImmutableArray<string> words) => new(false, words);

    /// <inheritdoc/>
    public override string ToString() => IsShell ? Words[0] : string.Join(' ', Words);
}
