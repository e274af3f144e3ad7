using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Client;
using Sluice.Core.Running;
using Sluice.Server.Hosting;

namespace Sluice.Testing;

/// <summary>Sluice in this process on a state folder of its own, with a job in a real repository.</summary>
public sealed class EmbeddedJob : IAsyncDisposable
{
    private readonly TempFolder _state = new();

    private EmbeddedJob(TestRepository repository) => (Repository, Sluice) = (repository, Open(_state.Path));

    /// <summary>The repository; whoever made it disposes it.</summary>
    public TestRepository Repository { get; }

    /// <summary>Sluice.</summary>
    public EmbeddedSluice Sluice { get; private set; }

    /// <summary>The state folder.</summary>
    public string State => _state.Path;

    /// <summary>Opens Sluice for a repository.</summary>
    public static async Task<EmbeddedJob> OpenAsync(TestRepository repository)
    {
        var job = new EmbeddedJob(repository);
        await job.Sluice.StartAsync(CancellationToken.None);
        return job;
    }

    /// <summary>Closes Sluice and opens it again.</summary>
    public async Task ReopenAsync(Action? meanwhile = null)
    {
        await Sluice.DisposeAsync();
        meanwhile?.Invoke();
        Sluice = Open(_state.Path);
        await Sluice.StartAsync(CancellationToken.None);
    }

    /// <summary>Runs HEAD, or what the request changes about it, to its end.</summary>
    public async Task<RunView> RunAsync(Func<RunRequest, RunRequest>? change = null)
    {
        var submitted = await Sluice.Api.SubmitAsync(Request(change));
        return submitted.IsStored ? submitted.Run : await Sluice.Api.WaitAsync(submitted.Run.Id, CancellationToken.None);
    }

    /// <summary>Plans HEAD.</summary>
    public Task<PlanView> PlanAsync(Func<RunRequest, RunRequest>? change = null) => Sluice.Api.PlanAsync(Request(change));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Sluice.DisposeAsync();
        _state.Dispose();
    }

    private RunRequest Request(Func<RunRequest, RunRequest>? change)
    {
        var request = new RunRequest { JobName = "job", JobUrl = Repository.Path, Adopt = false };
        return change?.Invoke(request) ?? request;
    }

    private static EmbeddedSluice Open(string state)
    {
        var settings = new SluiceSettings { State = new StateFolder(state) };
        settings.Git.AllowLocalPaths = true;
        settings.Process.Grace = TimeSpan.FromSeconds(1);
        settings.Process.Supervisor = [SluiceBinary.Path, SupervisorProcess.Command];
        return EmbeddedSluice.TryOpen(settings, NullLoggerFactory.Instance, TimeProvider.System, RunTrigger.Cli)
            ?? throw new InvalidOperationException("The state folder has another owner.");
    }
}
