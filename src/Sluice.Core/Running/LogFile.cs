using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Core.Running;

/// <summary>Opens a log in the state folder, where a command of this machine may have put anything else in its place.</summary>
public static class LogFile
{
    private const int LinuxNonBlocking = 0x800;
    private const int LinuxCloseOnExec = 0x80000;

    /// <summary>Opens a log; null where there is none that is a regular file, or it may not be read.</summary>
    /// <param name="path">The log.</param>
    /// <param name="bufferSize">How much is read ahead; nothing of one that is read while it grows.</param>
    public static FileStream? TryOpen(string path, int bufferSize = 4096)
    {
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null })
        {
            return null;
        }

        try
        {
            return OperatingSystem.IsLinux()
                ? OpenOnLinux(path, bufferSize)
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Whoever opens a pipe in the usual way waits until somebody writes into it. Only what can be read from any place is a log.
    private static FileStream? OpenOnLinux(string path, int bufferSize)
    {
        var descriptor = Open(path, LinuxNonBlocking | LinuxCloseOnExec);
        if (descriptor < 0)
        {
            return null;
        }

        var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize);
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
