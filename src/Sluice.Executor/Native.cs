using System.Runtime.InteropServices;

namespace Sluice.Executor;

/// <summary>The few calls of the system that .NET has no name for.</summary>
internal static partial class Native
{
    public const int SigTerm = 15;
    public const int SigKill = 9;
    public const int SigStop = 19;
    private const int SetDumpable = 4;
    private const int SetSubreaper = 36;
    private const int NoHang = 1;

    /// <summary>
    /// Looks names up in files and by DNS, which are part of this program, whatever the image's <c>nsswitch.conf</c> says: what else it names would
    /// have to be loaded from the image, for another C library than ours.
    /// </summary>
    public static void LookUpAlone()
    {
        _ = ConfigureLookup("passwd", "files");
        _ = ConfigureLookup("group", "files");
        _ = ConfigureLookup("hosts", "files dns");
    }

    /// <summary>Trusts these authorities, and no others; for this process alone, since .NET does not hand such variables on.</summary>
    public static void TrustOnly(string certificates) => Check(SetVariable("SSL_CERT_FILE", certificates, 1));

    /// <summary>Nobody of the same user may look into this process: not at its memory, its environment or its open files (prctl(2)).</summary>
    public static void BecomeUndumpable() => Check(PrCtl(SetDumpable, 0, 0, 0, 0));

    /// <summary>Orphans of every process below become children of this one.</summary>
    public static void BecomeSubreaper() => Check(PrCtl(SetSubreaper, 1, 0, 0, 0));

    /// <summary>Sends a signal; a process that has ended is no error.</summary>
    public static void Signal(int process, int signal) => _ = Kill(process, signal);

    /// <summary>Takes note of the end of a child, if it has ended.</summary>
    public static void Reap(int process) => _ = WaitPid(process, out _, NoHang);

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new IOException($"A call of the system failed (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "__nss_configure_lookup", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ConfigureLookup(string database, string services);

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int replace);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int process, out int status, int options);
}
