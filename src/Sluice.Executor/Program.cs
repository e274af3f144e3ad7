using System.Globalization;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Running;
using Sluice.Executor;

try
{
    return await RunAsync(args);
}
#pragma warning disable CA1031 // One of the places where everything is caught: a defect of ours must not count as the task's failure.
catch (Exception exception)
#pragma warning restore CA1031
{
    Console.Error.WriteLine($"{PodTask.SaysPrefix}internal error: {exception}");
    return PodTask.InfrastructureFailure;
}

// `install FOLDER` puts this program and its credential where the pod's main container finds them; `run JOB RUN TASK` is what that one does.
static async Task<int> RunAsync(string[] args) => args switch
{
    ["install", var folder] => Installation.Install(folder),
    ["run", var job, var run, var task] when JobName.TryParse(job, out var name)
        && RunId.TryParse(run, out var id)
        && int.TryParse(task, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => await PodRun.RunAsync(name, id, index),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(PodTask.SaysPrefix + "usage: sluice-executor install FOLDER | sluice-executor run JOB RUN TASK");
    return PodTask.InfrastructureFailure;
}
