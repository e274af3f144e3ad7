namespace Sluice.Core;

/// <summary>Finds the known name that was most likely meant.</summary>
public static class NearestName
{
    private const int MaxDistance = 3;

    /// <summary>The nearest of the names, or null when none is near.</summary>
    public static string? Find(string text, IEnumerable<string> names) => text.Length > 40
        ? null
        : names
            .Select(name => (Name: name, Distance: Distance(text, name)))
            .Where(found => found.Distance <= Math.Min(MaxDistance, found.Name.Length / 2))
            .OrderBy(found => found.Distance)
            .Select(found => found.Name)
            .FirstOrDefault();

    // Levenshtein (1966), one row at a time.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(substituted, 1 + Math.Min(above, row[j - 1]));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
