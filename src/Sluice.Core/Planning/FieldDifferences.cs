using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>Compares the fields of two fingerprints.</summary>
public static class FieldDifferences
{
    private const string Tree = "tree ";

    /// <summary>Every field that differs, in canonical order, listings opened where both are to be had.</summary>
    /// <param name="before">Fields in canonical order.</param>
    /// <param name="after">Fields in canonical order.</param>
    /// <param name="listing">The text of a listing, or null where it is not kept.</param>
    public static IEnumerable<FieldDifference> Between(
        IReadOnlyList<FingerprintField> before, IReadOnlyList<FingerprintField> after, Func<Digest, string?> listing)
    {
        var (left, right) = (0, 0);
        while (left < before.Count || right < after.Count)
        {
            var order = left == before.Count ? 1 : right == after.Count ? -1 : Compare(before[left], after[right]);
            var old = order <= 0 ? before[left++] : null;
            var now = order >= 0 ? after[right++] : null;
            if (old?.Value == now?.Value)
            {
                continue;
            }

            var field = (now ?? old)!;
            foreach (var difference in Open(new FieldDifference(field.Kind, field.Subject, old?.Value, now?.Value), listing))
            {
                yield return difference;
            }
        }
    }

    /// <summary>The digests of the listings that two lists of fields refer to and do not share.</summary>
    public static IEnumerable<Digest> ListingsToOpen(
        IReadOnlyList<FingerprintField> before, IReadOnlyList<FingerprintField> after) =>
        Between(before, after, _ => null)
            .SelectMany(difference => new[] { DigestOf(difference.Before), DigestOf(difference.After) })
            .OfType<Digest>();

    private static IEnumerable<FieldDifference> Open(FieldDifference difference, Func<Digest, string?> listing)
    {
        if (Lines(difference.Before) is not { } before || Lines(difference.After) is not { } after)
        {
            return [difference];
        }

        return before.Keys.Union(after.Keys)
            .Order(StringComparer.Ordinal)
            .Select(path => difference with
            {
                Subject = path,
                Before = before.GetValueOrDefault(path),
                After = after.GetValueOrDefault(path),
            })
            .Where(file => file.Before != file.After);

        // An absent listing of code or environment files is an empty one; an absent input is an absent input.
        IReadOnlyDictionary<string, string>? Lines(string? value) => DigestOf(value) is { } digest
            ? listing(digest) is { } text ? FileListing.Parse(text) : null
            : value is null && difference.Kind is not FieldKind.Input ? FileListing.Parse("") : null;
    }

    private static Digest? DigestOf(string? value) =>
        value is not null
        && value.StartsWith(Tree, StringComparison.Ordinal)
        && Digest.TryParse(value[Tree.Length..], out var digest)
            ? digest
            : null;

    private static int Compare(FingerprintField left, FingerprintField right) =>
        left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : string.CompareOrdinal(left.Subject, right.Subject);
}
