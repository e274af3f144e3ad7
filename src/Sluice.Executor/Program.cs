using System.Globalization;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Running;
using Sluice.Executor;

// `install FOLDER` puts this program and its credential where the pod's main container finds them; `run JOB RUN TASK` is what that one does.
return args switch
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
