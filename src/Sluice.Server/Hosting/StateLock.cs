using Sluice.Core;

namespace Sluice.Server.Hosting;

/// <summary>The one owner of a state folder; the lock file tells others where it listens.</summary>
public sealed class StateLock : IDisposable
{
    // What the system says of a lock that somebody else has (EWOULDBLOCK); .NET hands its number on.
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    private readonly FileStream _held;
    private readonly string _path;

    private StateLock(FileStream held, string path) => (_held, _path) = (held, path);

    /// <summary>Takes the folder.</summary>
    /// <param name="path">The lock file.</param>
    /// <returns>Null when somebody else has it.</returns>
    /// <exception cref="SluiceException">The folder cannot be made or written to (BadRequest).</exception>
    public static StateLock? TryTake(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            // A lock of the whole file ends with its process. .NET would not let others read what is locked, hence a second file.
            var held = new FileStream(path + ".held", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.Delete(path);
            return new StateLock(held, path);
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                FaultKind.BadRequest,
                "state-folder",
                $"The state folder '{folder}' cannot be used: {exception.Message} Name another with --data or SLUICE_DATA.",
                exception);
        }
    }

    /// <summary>The address of the owner; null when it does not listen, or not yet.</summary>
    public static string? ReadAddress(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Tells others where the owner listens.</summary>
    public void Announce(string address) => File.WriteAllText(_path, address);

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_path);
        _held.Dispose();
    }
}
