using System.Runtime.InteropServices;

namespace Sluice.Processes;

/// <summary>Starting, reaping and killing processes by the system's own calls, which .NET's Process class would fight over.</summary>
internal static unsafe partial class NativeProcess
{
    public const int SigTerm = 15;
    public const int SigKill = 9;
    public const int SigStop = 19;
    private const int SetSubreaper = 36;
    private const int InterruptedCall = 4;
    private const int NoChild = 10;
    private const int CloseOnExec = 0x80000;
    private const short SetSignalMask = 0x08;
    private const short SetSignalDefault = 0x04;
    private const short SetSession = 0x80;

    // Larger than posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t of any C library.
    private const int OpaqueBytes = 1024;

    /// <summary>Leaves the terminal and the group of processes that it was started in.</summary>
    public static void LeaveSession() => _ = SetSid();

    /// <summary>Orphans of every process below become children of this one.</summary>
    public static void BecomeSubreaper()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = PrCtl(SetSubreaper, 1, 0, 0, 0);
        }
    }

    /// <summary>Makes a pipe whose ends no other process inherits.</summary>
    public static (int Read, int Write) CreatePipe()
    {
        var ends = stackalloc int[2];
        return Pipe2(ends, CloseOnExec) == 0 ? (ends[0], ends[1]) : throw new IOException($"No pipe (error {Marshal.GetLastPInvokeError()}).");
    }

    /// <summary>Closes a handle.</summary>
    public static void CloseHandle(int handle) => _ = Close(handle);

    /// <summary>Starts a program in a session of its own, with all signals as they were at first, and both outputs in one pipe.</summary>
    /// <param name="path">The program's path.</param>
    /// <param name="argv">Its name and arguments.</param>
    /// <param name="variables">All variables.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="output">The pipe's end to write to.</param>
    /// <param name="process">Its id.</param>
    /// <returns>0, or the system's error number.</returns>
    public static int Spawn(string path, string[] argv, string[] variables, string folder, int output, out int process)
    {
        var attributes = stackalloc byte[OpaqueBytes];
        var actions = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[OpaqueBytes];
        Check(SpawnAttributesInit(attributes));
        Check(SpawnActionsInit(actions));
        try
        {
            Check(SignalsEmpty(signals));
            Check(SpawnSetMask(attributes, signals));
            Check(SignalsFill(signals));
            Check(SpawnSetDefault(attributes, signals));
            Check(SpawnSetFlags(attributes, SetSignalMask | SetSignalDefault | SetSession));
            Check(SpawnAddOpen(actions, 0, "/dev/null", 0, 0));
            Check(SpawnAddDup(actions, output, 1));
            Check(SpawnAddDup(actions, output, 2));
            Check(SpawnAddChangeFolder(actions, folder));
            return Spawn(out process, path, actions, attributes, Terminated(argv), Terminated(variables));
        }
        finally
        {
            _ = SpawnActionsDestroy(actions);
            _ = SpawnAttributesDestroy(attributes);
        }
    }

    /// <summary>Waits for any child to end.</summary>
    /// <returns>Its id and raw status; null when there is no child.</returns>
    public static (int Process, int Status)? WaitAny()
    {
        while (true)
        {
            var process = WaitPid(-1, out var status, 0);
            if (process > 0)
            {
                return (process, status);
            }

            if (Marshal.GetLastPInvokeError() == NoChild)
            {
                return null;
            }

            if (Marshal.GetLastPInvokeError() != InterruptedCall)
            {
                throw new InvalidOperationException($"waitpid failed (error {Marshal.GetLastPInvokeError()}).");
            }
        }
    }

    /// <summary>Sends a signal to a process; one that has ended is no error.</summary>
    public static void Signal(int process, int signal) => _ = Kill(process, signal);

    /// <summary>Sends a signal to a process group; one that has ended is no error.</summary>
    public static void SignalGroup(int group, int signal) => _ = Kill(-group, signal);

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"A process could not be prepared (error {error}).");
        }
    }

    private static string?[] Terminated(string[] texts) => [.. texts, null];

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe2(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int process, string path, byte* actions, byte* attributes, string?[] argv, string?[] variables);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int SpawnAttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int SpawnAttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SpawnSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SpawnSetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SpawnSetDefault(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int SpawnActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int SpawnActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnAddOpen(byte* actions, int handle, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int SpawnAddDup(byte* actions, int handle, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnAddChangeFolder(byte* actions, string folder);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalsEmpty(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int SignalsFill(byte* signals);
}
