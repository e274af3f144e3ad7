using Sluice.Core.Clusters;

namespace Sluice.Executor;

/// <summary>
/// What the init container does. The credential goes through a file that the main container deletes before it starts the user's command: its
/// environment would be readable there, in /proc of the process that Argo puts around every command.
/// </summary>
internal static class Installation
{
    /// <summary>The authorities that the store's certificate may come from, as the executor's image has them: the user's may have none.</summary>
    public const string CertificatesName = "ca-certificates.crt";

    private const string Certificates = "/etc/ssl/certs/" + CertificatesName;

    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Copies this program into a folder, and writes the credential beside it.</summary>
    public static int Install(string folder)
    {
        try
        {
            var program = Path.Combine(folder, "executor");
            File.Copy(Environment.ProcessPath!, program, overwrite: true);
            File.SetUnixFileMode(program, Everybody);
            Credential.FromEnvironment().Write(folder);
            if (File.Exists(Certificates))
            {
                File.Copy(Certificates, Path.Combine(folder, CertificatesName), overwrite: true);
            }

            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{PodTask.SaysPrefix}cannot install into '{folder}': {exception.Message}");
            return PodTask.InfrastructureFailure;
        }
    }
}
