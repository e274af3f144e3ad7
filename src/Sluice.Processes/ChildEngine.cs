using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>Runs commands as children of this very process, which does nothing else: in a pod, where a supervisor of its own would outlive nobody.</summary>
internal sealed class ChildEngine(string name, TimeSpan grace, Func<string, bool> isHidden, Stream? echo, TimeProvider time) : ICommandEngine
{
    private readonly Lazy<CommandTable> _table = new(() =>
    {
        var table = new CommandTable();
        table.Begin();
        return table;
    });

    private long _last;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Environment => "";

    /// <inheritdoc/>
    public bool UsesImages => true;

    /// <inheritdoc/>
    public bool HasNetwork => true;

    /// <inheritdoc/>
    public string? FolderSeenAs => null;

    /// <inheritdoc/>
    public Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        var asked = SupervisorRequest.Of(request, Interlocked.Increment(ref _last), VariablesOf(request), grace);
        return TimedCommand.RunAsync(request, token => _table.Value.RunAsync(asked, echo, token), time, cancellationToken);
    }

    // What the image brings, less what is this process's own; the task's own variables win.
    private string[] VariablesOf(CommandRequest request)
    {
        var variables = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            if (!isHidden((string)variable.Key))
            {
                variables[(string)variable.Key] = (string?)variable.Value ?? "";
            }
        }

        foreach (var (variable, value) in request.Variables)
        {
            variables[variable] = value;
        }

        return [.. variables.Select(pair => $"{pair.Key}={pair.Value}")];
    }
}
