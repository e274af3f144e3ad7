using System.Text.Json.Serialization;
using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>What the service tells the supervisor: start a command, or end one.</summary>
internal sealed record SupervisorRequest
{
    /// <summary>The command's number.</summary>
    public required long Id { get; init; }

    /// <summary>The program and its arguments; empty asks to end the command.</summary>
    public string[] Argv { get; init; } = [];

    /// <summary>The working folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>All variables, as <c>NAME=value</c>.</summary>
    public string[] Variables { get; init; } = [];

    /// <summary>Where the output goes.</summary>
    public string Log { get; init; } = "";

    /// <summary>Where the output is cut, in bytes.</summary>
    public long MaxLogBytes { get; init; }

    /// <summary>Milliseconds between SIGTERM and SIGKILL.</summary>
    public int GraceMilliseconds { get; init; }

    /// <summary>Asks for a command.</summary>
    public static SupervisorRequest Of(CommandRequest request, long id, string[] variables, TimeSpan grace) => new()
    {
        Id = id,
        Argv = [.. request.Argv],
        Folder = request.WorkFolder,
        Variables = variables,
        Log = request.LogPath,
        MaxLogBytes = request.MaxLogBytes,
        GraceMilliseconds = (int)grace.TotalMilliseconds,
    };
}

/// <summary>What the supervisor answers: a command and all its processes have ended.</summary>
internal sealed record SupervisorAnswer
{
    /// <summary>The command's number.</summary>
    public required long Id { get; init; }

    /// <summary>Its status; null when a signal ended it or it never started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>Why it never started.</summary>
    public string? Error { get; init; }

    /// <summary>Why its output could not be written to its log, or not all of it.</summary>
    public string? LogError { get; init; }

    /// <summary>The same for an outcome.</summary>
    public CommandEnd End() => new() { ExitCode = ExitCode, Signal = Signal, Error = Error, LogError = LogError };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SupervisorRequest))]
[JsonSerializable(typeof(SupervisorAnswer))]
internal sealed partial class SupervisorJson : JsonSerializerContext;
