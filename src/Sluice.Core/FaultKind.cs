namespace Sluice.Core;

/// <summary>Who has to act on a <see cref="SluiceException"/>; decides the HTTP status and the exit code.</summary>
public enum FaultKind
{
    /// <summary>The request is malformed: 400, exit code 2.</summary>
    BadRequest,

    /// <summary>Nothing has that name: 404, exit code 2.</summary>
    NotFound,

    /// <summary>The name or the state is taken: 409, exit code 2.</summary>
    Conflict,

    /// <summary>The repository or a task is at fault: 422, exit code 2.</summary>
    Unprocessable,

    /// <summary>Something outside gave a wrong answer: 502, exit code 4.</summary>
    BadGateway,

    /// <summary>Something outside did not answer: 503, exit code 4.</summary>
    Unavailable,
}
