using System.ComponentModel;
using System.Diagnostics;

namespace Sluice.Adapters.Containers;

/// <summary>Hands the folder of an attempt to the user of the command, and takes back what the command left.</summary>
/// <remarks>Only where the service is root: the store must not hold files that belong to the user of all tasks.</remarks>
internal static class FolderOwner
{
    /// <summary>Changes the owner of a folder with everything below it; links are changed themselves, and not followed.</summary>
    /// <exception cref="IOException">It cannot be changed.</exception>
    public static async Task ChangeAsync(string folder, string owner)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("chown", ["-hR", owner, "--", folder]) { RedirectStandardError = true })!;
            var error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            if (process.ExitCode != 0)
            {
                throw new IOException($"The folder '{folder}' cannot be given to {owner}: {error.Trim()}");
            }
        }
        catch (Win32Exception exception)
        {
            throw new IOException("There is no program 'chown'.", exception);
        }
    }
}
