using System.Diagnostics;

namespace Sluice.Core.Running;

/// <summary>Removes folders, whatever a task left in them: names that are not text, paths that are too long, folders without rights.</summary>
public static class Trees
{
    /// <summary>Removes a folder with all below it.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool TryRemove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // .NET sees names as text and paths as a whole; these two do not.
            Run("chmod", "-R", "u+rwX", "--", path);
            Run("rm", "-rf", "--", path);
            return !Directory.Exists(path);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // In a pod the image may have no such program, and the folder goes with the pod.
        }
    }
}
