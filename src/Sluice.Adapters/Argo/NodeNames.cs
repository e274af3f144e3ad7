using System.Globalization;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Argo;

/// <summary>The names of a DAG's tasks: readable, and told apart by the task's number, since two names may become the same once their dots are gone.</summary>
internal static class NodeNames
{
    private const int MaxReadable = 40;

    /// <summary>The name for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="readable">Whether it tells the task's own name, too.</param>
    public static string Of(ResolvedTask task, bool readable)
    {
        var letters = (readable ? task.Task.Name.Value : "").ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var words = new string([.. letters.Take(MaxReadable)]).Trim('-');
        var number = task.Index.ToString(CultureInfo.InvariantCulture);
        return words.Length == 0 ? "task-" + number : $"{words}-{number}";
    }

    /// <summary>The task's number in a name that was made here; of a try, <c>name(1)</c>, too.</summary>
    public static int? NumberIn(string name)
    {
        var whole = name.EndsWith(')') && name.LastIndexOf('(') is > 0 and var end ? name[..end] : name;
        return int.TryParse(whole[(whole.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
