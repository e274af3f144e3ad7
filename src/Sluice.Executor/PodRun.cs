using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Running;
using Sluice.Processes;
using Sluice.Store.S3;

namespace Sluice.Executor;

/// <summary>What the main container does: one task, with what the store says of it.</summary>
internal static class PodRun
{
    /// <summary>The status of a process that SIGTERM has ended, as a shell tells it.</summary>
    private const int Terminated = 128 + 15;

    /// <summary>Kubernetes gives a pod 30 seconds; what is left goes into saying what happened.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Runs the task.</summary>
    /// <returns>The status to end with.</returns>
    public static async Task<int> RunAsync(JobName job, RunId run, int task)
    {
        var folder = Path.GetDirectoryName(Environment.ProcessPath)!;
        var certificates = Path.Combine(folder, Installation.CertificatesName);
        Native.LookUpAlone();
        Native.BecomeUndumpable();

        // The image's variables are for its programs: the way to the store is nothing that a repository decides.
        HttpClient.DefaultProxy = new WebProxy();
        if (File.Exists(certificates))
        {
            Native.TrustOnly(certificates);
        }

        if (Credential.Take(folder) is not { } credential)
        {
            return Fail($"there is no credential in '{folder}': the init container has not left one, or this pod was started twice.");
        }

        using var stop = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            var state = new StateFolder(Path.Combine(folder, "state"));
            var work = S3StoreServices.OpenWork(PodOptions.Read(credential), job, run);
            var engine = ProcessServices.CreateChildEngine("argo", Grace, PodVariables.IsOfThePod, Console.OpenStandardOutput(), TimeProvider.System);
            var runner = new TaskRunner(engine, state, TimeProvider.System, NullLogger<TaskRunner>.Instance);
            return await new PodTask(work, runner, state, TimeProvider.System).RunAsync(task, PodOptions.PodName, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Terminated;
        }
        catch (SluiceException exception)
        {
            return Fail(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fail($"the pod's own files could not be used: {exception.Message}");
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(PodTask.SaysPrefix + message);
        return PodTask.InfrastructureFailure;
    }
}
