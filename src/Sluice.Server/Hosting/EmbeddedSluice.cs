using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sluice.Adapters.Argo;
using Sluice.Adapters.Containers;
using Sluice.Adapters.Database;
using Sluice.Adapters.Git;
using Sluice.Adapters.Registry;
using Sluice.Processes;
using Sluice.Adapters.Yaml;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Server.Application;
using Sluice.Store.Files;
using Sluice.Store.S3;

namespace Sluice.Server.Hosting;

/// <summary>
/// All of Sluice but the HTTP: put together by hand, in the order in which it is needed, since a container would cost the command line more
/// than a plan does. Owns its state folder while it lives, unless opened to look only.
/// </summary>
public sealed class EmbeddedSluice : IAsyncDisposable
{
    private readonly StateLock? _lock;
    private readonly IDisposable _database;
    private readonly IEngine _engine;
    private readonly TaskSlots _slots;
    private readonly RerunVerification? _reruns;

    private EmbeddedSluice(SluiceSettings settings, StateLock? taken, ILoggerFactory loggers, TimeProvider time, RunTrigger trigger)
    {
        _lock = taken;
        Settings = settings;
        (Runs, var memo, _database) = DatabaseServices.Open(settings.State);
        (Store, _) = OpenStore(settings, time);
        Repositories = GitServices.CreateRepositories(settings.Git, settings.State);
        _engine = settings.Engine == SluiceSettings.ArgoEngine ? ArgoServices.CreateEngine(settings.Argo, OpenRunCredentials(settings), time, loggers)
            : settings.Container is { } container ? ContainerServices.CreateEngine(
                container with { ImageWait = settings.Images.Wait }, RegistryServices.CreateCredentials(settings.Images, time), time, loggers)
            : ProcessServices.CreateEngine(settings.Process, time);
        _slots = new TaskSlots(settings.Parallelism);
        var contents = new RevisionContents(memo);
        var reader = YamlServices.CreateManifestReader();
        var loader = new JobLoader(Repositories, reader, memo, contents, _engine);
        var images = new ImageLookup(RegistryServices.CreateResolver(settings.Images, time), _engine);
        var planner = new RunPlanner(Repositories, loader, Store, _engine, images, new Adopter(loader, contents, time), new Importer(loader, time));
        var ends = new RunEnds(Store, Runs, time);
        IExecutions executions;
        if (_engine is ICommandEngine commands)
        {
            var runner = new TaskRunner(commands, settings.State, time, loggers.CreateLogger<TaskRunner>());
            executions = new LocalExecutions(runner, _slots, time);
            _reruns = new RerunVerification(planner, runner, _slots, time);
        }
        else
        {
            executions = new ClusterExecutions((IClusterEngine)_engine, Store, settings.State, time);
        }

        var attempt = new RunAttempt(planner, Repositories, Runs, ends, executions, images, time);
        var reconciler = new RunReconciler(attempt, ends, executions, time, loggers.CreateLogger<RunReconciler>());
        Queue = new RunQueue(reconciler, Runs, settings.RunsPerJob, loggers.CreateLogger<RunQueue>());
        var submission = new RunSubmission(Repositories, Runs, Store, planner, Queue, _engine, time, trigger);
        var graphs = new RunGraphs(Runs, Store, Repositories, loader, settings.Argo);
        Api = new SluiceService(
            submission,
            Queue,
            new RunQueries(Runs, Store, executions, settings.State),
            new WhyQuery(Runs, Store, graphs),
            graphs,
            new CommitQueries(Runs, Store));
    }

    /// <summary>How it is set up.</summary>
    public SluiceSettings Settings { get; }

    /// <summary>What users can do.</summary>
    public SluiceService Api { get; }

    /// <summary>The store.</summary>
    public IStore Store { get; }

    /// <summary>The state of jobs and runs.</summary>
    public IRunStore Runs { get; }

    /// <summary>The repositories.</summary>
    public IRepositories Repositories { get; }

    /// <summary>The runs that are waiting or going on.</summary>
    public RunQueue Queue { get; }

    /// <summary>Opens the store alone, which many may use at once: a gc or a verification goes on beside a service.</summary>
    public static (IStore Store, IStoreMaintenance Maintenance) OpenStore(SluiceSettings settings, TimeProvider time) =>
        settings.S3 is { } s3 ? S3StoreServices.Create(settings.State, s3, time) : FileStoreServices.Create(settings.State, settings.Files, time);

    private static IRunCredentials? OpenRunCredentials(SluiceSettings settings) =>
        settings is { S3: { } store, RunRole: { } role } ? S3StoreServices.CreateRunCredentials(store, role) : null;

    /// <summary>Opens a state folder.</summary>
    /// <returns>Null when somebody else owns it.</returns>
    /// <exception cref="SluiceException">The state folder cannot be used.</exception>
    public static EmbeddedSluice? TryOpen(SluiceSettings settings, ILoggerFactory loggers, TimeProvider time, RunTrigger trigger)
    {
        if (StateLock.TryTake(settings.State.LockFile) is not { } taken)
        {
            return null;
        }

        try
        {
            return new EmbeddedSluice(settings, taken, loggers, time, trigger);
        }
        catch (SluiceException)
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Opens a state folder that somebody else may own, to look at what is there.</summary>
    /// <exception cref="SluiceException">The state folder cannot be used.</exception>
    public static EmbeddedSluice OpenShared(SluiceSettings settings, ILoggerFactory loggers, TimeProvider time) =>
        new(settings, taken: null, loggers, time, RunTrigger.Cli);

    /// <summary>Clears what a crash left, and takes up the runs that it interrupted.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ClearLeftoversAsync(cancellationToken);
        await Queue.ResumeAsync(cancellationToken);
    }

    /// <summary>Clears what a crash left, for somebody who starts one run and takes up no others.</summary>
    public async Task ClearLeftoversAsync(CancellationToken cancellationToken)
    {
        ProcessServices.EndStrays(Settings.State);
        await ContainerServices.RemoveLeftoversAsync(_engine, cancellationToken);

        // Moved aside first: what dies more slowly than its service may still write to it, and what cannot be removed must not stop the start.
        if (Directory.Exists(Settings.State.Work))
        {
            Directory.Move(Settings.State.Work, $"{Settings.State.Work}.{Path.GetRandomFileName()}");
        }

        foreach (var old in Directory.EnumerateDirectories(Settings.State.Root, "work.*"))
        {
            Trees.TryRemove(old);
        }

        await Store.ClearLeftoversAsync(cancellationToken);
    }

    /// <summary>Brings the database back from the store.</summary>
    public Task<Reindex> ReindexAsync(CancellationToken cancellationToken) => Reindex.RunAsync(Store, Runs, Repositories, cancellationToken);

    /// <summary>Executes stored tasks of a commit again, and compares.</summary>
    /// <exception cref="SluiceException">The request names no job, repository or commit that there is.</exception>
    public async IAsyncEnumerable<RerunReport> RerunAsync(
        RunRequest request, double fraction, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reruns = _reruns ?? throw new SluiceException(
            FaultKind.BadRequest, "rerun-unavailable", "verify --rerun runs tasks on this machine; it is not available with SLUICE_ENGINE=argo.");
        var url = Repositories.Parse(request.JobUrl);
        var repository = await Repositories.OpenAsync(url, cancellationToken);
        var commit = (await repository.ResolveAsync(request.Ref, cancellationToken)).Commit;
        await foreach (var report in reruns.RunAsync(JobName.Parse(request.JobName), url, commit, fraction, cancellationToken))
        {
            yield return report;
        }
    }

    /// <summary>Tells others where the service listens.</summary>
    public void Announce(string address) => _lock?.Announce(address);

    /// <summary>Stops: running tasks get SIGTERM and their grace time; their runs are taken up again at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        (_engine as IDisposable)?.Dispose();
        (Repositories as IDisposable)?.Dispose();
        (Store as IDisposable)?.Dispose();
        _slots.Dispose();
        _database.Dispose();
        _lock?.Dispose();
    }
}
