using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Adapters.Database;
using Sluice.Adapters.Git;
using Sluice.Adapters.Registry;
using Sluice.Adapters.Yaml;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Processes;
using Sluice.Server.Hosting;
using Sluice.Store.Files;
using Sluice.Testing;

namespace Sluice.Server.Tests.Images;

/// <summary>A job whose images count: put together like the service, but for the engine.</summary>
internal sealed class ImageJob : IDisposable
{
    private static readonly JobName Name = JobName.Parse("job");

    private readonly TempFolder _state = new();
    private readonly TestRepository _repository;
    private readonly IDisposable _database;
    private readonly IRepositories _repositories;
    private readonly IRunStore _runs;
    private readonly ImageEngine _engine;
    private readonly TaskSlots _slots = new(4);
    private readonly RunPlanner _planner;
    private readonly RunAttempt _attempt;

    public ImageJob(TestRepository repository)
    {
        var time = TimeProvider.System;
        var state = new StateFolder(_state["state"]);
        _repository = repository;
        (_runs, var memo, _database) = DatabaseServices.Open(state);
        var (store, _) = FileStoreServices.Create(state, new FileStoreOptions(), time);
        _repositories = GitServices.CreateRepositories(new GitOptions { AllowLocalPaths = true }, state);
        _engine = new ImageEngine(ProcessServices.CreateEngine(new ProcessOptions { Supervisor = [SluiceBinary.Path, SupervisorProcess.Command] }, time));
        var contents = new RevisionContents(memo);
        var loader = new JobLoader(_repositories, YamlServices.CreateManifestReader(), memo, contents, _engine);
        Resolver = new CountingResolver(RegistryServices.CreateResolver(
            new ImageOptions { Insecure = ["127.0.0.1"], PrivateHosts = ["127.0.0.1"], ConfigFile = _state["none"], Timeout = TimeSpan.FromSeconds(10) }, time));
        var images = new ImageLookup(Resolver, _engine);
        _planner = new RunPlanner(
            _repositories, loader, store, _engine, images, new Adopter(loader, contents, time), new Importer(loader, time));
        var runner = new TaskRunner(_engine, state, time, NullLogger<TaskRunner>.Instance);
        _attempt = new RunAttempt(
            _planner, _repositories, _runs, new RunEnds(store, _runs, time), new LocalExecutions(runner, _slots, time), images, time);
    }

    /// <summary>What looks images up.</summary>
    public CountingResolver Resolver { get; }

    /// <summary>What a run of HEAD would do.</summary>
    public Task<PlannedRun> PlanAsync() => PlanAsync(adopt: false);

    /// <summary>What a run of HEAD would do.</summary>
    /// <param name="adopt">Whether committed outputs count.</param>
    public async Task<PlannedRun> PlanAsync(bool adopt)
    {
        var commit = CommitId.Parse(await _repository.GitAsync("rev-parse", "HEAD"));
        var url = _repositories.Parse(_repository.Path);
        await (await _repositories.OpenAsync(url, CancellationToken.None)).ResolveAsync("main", CancellationToken.None);
        return await _planner.PlanAsync(
            Name, url, commit, new RunOptions { Adopt = adopt }, RunId.New(TimeProvider.System.GetUtcNow()), images: null, CancellationToken.None);
    }

    /// <summary>The plan as a person sees it.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync() =>
    [
        .. (await PlanAsync()).Plan.Tasks.Select(task =>
            $"{task.Task.Task.Name}: {string.Join(", ", task.Reasons.Select(reason => $"{reason.Code} {reason.Subject} {reason.Detail}").Prepend(task.State.ToString()))}"),
    ];

    /// <summary>Runs HEAD to its end.</summary>
    /// <param name="planned">The plan that it was accepted with; null plans it when it is carried out.</param>
    public async Task<Run> RunAsync(PlannedRun? planned = null)
    {
        var run = new Run
        {
            Id = RunId.New(TimeProvider.System.GetUtcNow()),
            Job = Name,
            Url = _repository.Path,
            Ref = "main",
            Commit = CommitId.Parse(await _repository.GitAsync("rev-parse", "HEAD")),
            Engine = _engine.Name,
            Options = new RunOptions { Adopt = false },
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Images = planned?.Images,
        };
        await (await _repositories.OpenAsync(_repositories.Parse(run.Url), CancellationToken.None)).ResolveAsync("main", CancellationToken.None);
        await _runs.SaveJobAsync(new Job(Name, run.Url, run.Url, run.CreatedAt), CancellationToken.None);
        await _runs.SaveAsync(run, [], CancellationToken.None);
        var ended = await _attempt.CarryOutAsync(run.Id, CancellationToken.None, CancellationToken.None);
        Assert.Equal((RunStatus.Succeeded, null), (ended.Status, ended.Error));
        return ended;
    }

    public void Dispose()
    {
        _engine.Dispose();
        (_repositories as IDisposable)?.Dispose();
        _slots.Dispose();
        _database.Dispose();
        _state.Dispose();
    }
}
