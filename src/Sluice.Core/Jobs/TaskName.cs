namespace Sluice.Core.Jobs;

/// <summary>The name of a task, as the author wrote it: a relative path of at most 200 characters.</summary>
/// <remarks>Made by the manifest reader, which checks it against the contract; compared ordinally.</remarks>
public readonly record struct TaskName(string Value) : IComparable<TaskName>
{
    /// <inheritdoc/>
    public int CompareTo(TaskName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
