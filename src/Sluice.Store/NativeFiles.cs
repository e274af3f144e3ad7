using System.Runtime.InteropServices;

namespace Sluice.Store;

/// <summary>What the file system can do and .NET does not offer: links, kinds of files, and flushing of folders.</summary>
internal static partial class NativeFiles
{
    private const int AtCurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint WhatCounts = 0x1 | 0x4 | 0x100;
    private const int KindMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int CloseOnExec = 0x80000;

    /// <summary>The number of names of a regular file; null for anything else, which is not opened.</summary>
    public static int? LinksOfRegularFile(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            var info = new FileInfo(path);
            return info.Exists && info.LinkTarget is null ? 2 : null;
        }

        Span<byte> about = stackalloc byte[256];
        if (StatX(AtCurrentFolder, path, DoNotFollow, WhatCounts, about) != 0)
        {
            throw new FileNotFoundException($"The file cannot be looked at (error {Marshal.GetLastPInvokeError()}).", path);
        }

        // struct statx: stx_nlink is at offset 16, stx_mode at 28, stx_ino at 32, stx_dev at 136, on every architecture (statx(2)).
        var mode = BitConverter.ToUInt16(about[28..]);
        return (mode & KindMask) == RegularFile ? BitConverter.ToInt32(about[16..]) : null;
    }

    /// <summary>Whether two paths name one file, without following links; false where the system does not tell.</summary>
    public static bool AreSame(string left, string right)
    {
        Span<byte> first = stackalloc byte[256];
        Span<byte> second = stackalloc byte[256];
        return OperatingSystem.IsLinux()
            && StatX(AtCurrentFolder, left, DoNotFollow, WhatCounts, first) == 0
            && StatX(AtCurrentFolder, right, DoNotFollow, WhatCounts, second) == 0
            && first[32..40].SequenceEqual(second[32..40])
            && first[136..144].SequenceEqual(second[136..144]);
    }

    /// <summary>Gives a file a second name.</summary>
    /// <returns>False where the file system cannot.</returns>
    public static bool TryLink(string existing, string name) => Link(existing, name) == 0;

    /// <summary>Lets the owner read a file.</summary>
    public static void MakeReadable(string path)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & UnixFileMode.UserRead) == 0)
        {
            File.SetUnixFileMode(path, mode | UnixFileMode.UserRead);
        }
    }

    /// <summary>Makes the entries of a folder durable.</summary>
    public static void FlushFolder(string path) => WithHandle(path, FSync);

    /// <summary>Makes everything on the file system of a folder durable.</summary>
    public static void FlushFileSystem(string path) => WithHandle(path, OperatingSystem.IsLinux() ? SyncFs : FSync);

    private static void WithHandle(string path, Func<int, int> call)
    {
        var handle = Open(path, OperatingSystem.IsLinux() ? CloseOnExec : 0);
        if (handle < 0)
        {
            throw new IOException($"'{path}' cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        var failed = call(handle) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (failed)
        {
            throw new IOException($"'{path}' cannot be flushed to the disk (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> about);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
