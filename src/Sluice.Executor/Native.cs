using System.Runtime.InteropServices;

namespace Sluice.Executor;

/// <summary>The few calls of the system that .NET has no name for.</summary>
internal static partial class Native
{
    private const int SetDumpable = 4;

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
    public static void TrustOnly(string certificates)
    {
        Check(SetVariable("SSL_CERT_FILE", certificates, 1));

        // Else the image's own folder of authorities counts beside it.
        Check(SetVariable("SSL_CERT_DIR", certificates + ".d", 1));
    }

    /// <summary>Nobody of the same user may look into this process: not at its memory, its environment or its open files (prctl(2)).</summary>
    public static void BecomeUndumpable() => Check(PrCtl(SetDumpable, 0, 0, 0, 0));

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

}
