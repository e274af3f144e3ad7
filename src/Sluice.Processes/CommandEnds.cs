using System.Globalization;
using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>Says in words how a command ended.</summary>
internal static class CommandEnds
{
    /// <summary>The outcome.</summary>
    /// <param name="answer">What the system says.</param>
    /// <param name="request">What was run.</param>
    /// <param name="isTooLong">Whether it was ended for its timeout.</param>
    /// <param name="started">When it began.</param>
    /// <param name="finished">When its process tree had ended.</param>
    public static CommandOutcome Of(SupervisorAnswer answer, CommandRequest request, bool isTooLong, DateTimeOffset started, DateTimeOffset finished)
    {
        var error = isTooLong
            ? $"ran longer than its timeout of {Show(request.Timeout!.Value)}; raise 'timeout' or make it faster"
            : ErrorOf(answer);
        error = error is not null && answer.LogError is { } log ? $"{error}; not all of its output could be logged: {log}" : error;
        return new CommandOutcome(answer.ExitCode ?? (answer.Signal is { } signal ? 128 + signal : null), error, started, finished);
    }

    private static string? ErrorOf(SupervisorAnswer answer) => answer switch
    {
        { Error: { } error } => error,
        { Signal: NativeProcess.SigKill } => "killed by SIGKILL (9); perhaps the machine ran out of memory",
        { Signal: { } signal } => $"killed by signal {signal}",
        { ExitCode: 0 } => null,
        { ExitCode: 127 } => "exit status 127: a command was not found",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit status {answer.ExitCode}"),
    };

    private static string Show(TimeSpan time) => time.TotalSeconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min");
}
