using System.Globalization;

namespace Sluice.Core.Running;

/// <summary>What a system says of a command's end; the words for it are the same on every engine.</summary>
public sealed record CommandEnd
{
    private const int SigKill = 9;

    /// <summary>Its status; null when a signal ended it or it never started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>What is known better than by status and signal: why it never started, or what killed it.</summary>
    public string? Error { get; init; }

    /// <summary>Why its output could not be written to its log, or not all of it.</summary>
    public string? LogError { get; init; }

    /// <summary>A program that is not there.</summary>
    public static string NoProgram(string program) => $"there is no program '{program}'";

    /// <summary>A program that the system refuses to run.</summary>
    public static string NotRunnable(string program, string why) => $"the program '{program}' cannot be run: {why}";

    /// <summary>The outcome.</summary>
    /// <param name="request">What was run.</param>
    /// <param name="isTooLong">Whether it was ended for its timeout.</param>
    /// <param name="started">When it began.</param>
    /// <param name="finished">When its process tree had ended.</param>
    public CommandOutcome ToOutcome(CommandRequest request, bool isTooLong, DateTimeOffset started, DateTimeOffset finished)
    {
        var error = isTooLong
            ? $"ran longer than its timeout of {Show(request.Timeout!.Value)}; raise 'timeout' or make it faster"
            : Describe();
        error = error is not null && LogError is { } log ? $"{error}; not all of its output could be logged: {log}" : error;
        return new CommandOutcome(ExitCode ?? (Signal is { } signal ? 128 + signal : null), error, started, finished);
    }

    private string? Describe() => this switch
    {
        { Error: { } error } => error,
        { Signal: SigKill } => "killed by SIGKILL (9); perhaps the machine ran out of memory",
        { Signal: { } signal } => $"killed by signal {signal}",
        { ExitCode: 0 } => null,
        { ExitCode: 127 } => "exit status 127: a command was not found",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit status {ExitCode}"),
    };

    private static string Show(TimeSpan time) => time.TotalSeconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min");
}
