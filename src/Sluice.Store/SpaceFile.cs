namespace Sluice.Store;

/// <summary>What is known of a file without reading it.</summary>
/// <param name="Name">Its name in the space.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Modified">When it was written, as the file system or the server has it.</param>
internal sealed record SpaceFile(string Name, long Size, DateTimeOffset Modified)
{
    /// <summary>The last part of its name, without the suffix of a record.</summary>
    public string Stem
    {
        get
        {
            var last = Name[(Name.LastIndexOf('/') + 1)..];
            return last.EndsWith(".json", StringComparison.Ordinal) ? last[..^".json".Length] : last;
        }
    }
}
