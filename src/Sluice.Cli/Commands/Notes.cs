using Sluice.Cli.Rendering;

namespace Sluice.Cli.Commands;

/// <summary>What a command tells beside its result.</summary>
internal static class Notes
{
    private const int MaxNamed = 5;

    /// <summary>Names the job where that was a guess, and the edits that a look at HEAD leaves out.</summary>
    public static void Write(Target target, string? reference)
    {
        if (target.IsNamedAfterAddress)
        {
            Output.Note($"note: the job is called '{target.Job}' after the repository's address; --job NAME names another");
        }

        if (reference is null && target.Checkout is { Edits.Count: > 0 } checkout)
        {
            var named = string.Join(", ", checkout.Edits.Take(MaxNamed).Select(edit => edit.Length > 3 ? edit[3..] : edit));
            var more = checkout.Edits.Count > MaxNamed ? $" and {checkout.Edits.Count - MaxNamed} more" : "";
            Output.Note($"note: HEAD ({checkout.Head[..7]}) is taken; not committed and left out: {named}{more}");
        }
    }
}
