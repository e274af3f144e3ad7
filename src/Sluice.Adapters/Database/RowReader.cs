using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Json;
using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>Reads the bodies of rows. One that cannot be read fails the look at it, and is left out of a list with a word in the log.</summary>
internal sealed partial class RowReader(SqliteDatabase database, ILogger<RowReader> logger)
{
    /// <summary>The run of a row.</summary>
    /// <exception cref="SluiceException">It cannot be read.</exception>
    public Run Run(string body) => Read(body, CoreJson.Default.Run);

    /// <summary>The task of a row.</summary>
    /// <exception cref="SluiceException">It cannot be read.</exception>
    public TaskRun Task(string body) => Read(body, CoreJson.Default.TaskRun);

    /// <summary>The runs that can be read.</summary>
    public IEnumerable<Run> Runs(IEnumerable<(string Id, string Body)> rows) =>
        rows.Select(row => TryRead(row.Id, row.Body, CoreJson.Default.Run)).OfType<Run>();

    /// <summary>The tasks by their places; null where one cannot be read.</summary>
    public IEnumerable<(int Index, TaskRun? Task)> Tasks(RunId run, IEnumerable<(int Index, string Body)> rows) =>
        rows.Select(row => (row.Index, TryRead(run.Value, row.Body, CoreJson.Default.TaskRun)));

    /// <summary>The tasks of a piece of a run's unchanged ones; none where it cannot be read.</summary>
    public IReadOnlyList<TaskRun> Unchanged(RunId run, byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(Packed.Unpack(body), CoreJson.Default.IReadOnlyListTaskRun) ?? [];
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception, run.Value);
        }
        catch (InvalidDataException exception)
        {
            LogUnreadable(exception, run.Value);
        }

        return [];
    }

    private T Read<T>(string body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("a row is empty");
        }
        catch (JsonException exception)
        {
            throw DatabaseFault.Damaged(database.Path, exception);
        }
    }

    private T? TryRead<T>(string run, string body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception, run);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId}: a row of the database cannot be read and is left out")]
    private partial void LogUnreadable(Exception exception, string runId);
}
