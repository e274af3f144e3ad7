namespace Sluice.Testing;

/// <summary>A folder that is gone when the test is over, whatever rights were left in it.</summary>
public sealed class TempFolder : IDisposable
{
    private static readonly EnumerationOptions NotThroughLinks = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>Makes it.</summary>
    public TempFolder() => Directory.CreateDirectory(Path);

    /// <summary>Its absolute path.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "sluice-test-" + System.IO.Path.GetRandomFileName());

    /// <summary>A path below it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", NotThroughLinks))
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.Delete(Path, recursive: true);
    }
}
