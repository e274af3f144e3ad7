using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>A git host that answers nobody until it is opened: a repository over HTTP, the simple way, as files.</summary>
public sealed class GatedGitHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatedGitHost(TestRepository repository)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(context => AnswerAsync(context, Path.Combine(repository.Path, ".git")));
    }

    /// <summary>What a service needs to be told so that it reads from here.</summary>
    public static (string Name, string Value)[] Settings => [("SLUICE_GIT__ALLOWED", "http://*"), ("SLUICE_GIT__PRIVATEHOSTS", "127.0.0.1")];

    /// <summary>The repository's address.</summary>
    public string Address => _app.Urls.First() + "/repository.git";

    /// <summary>When somebody has asked for the first time.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Serves a repository as it is now.</summary>
    public static async Task<GatedGitHost> StartAsync(TestRepository repository)
    {
        await repository.GitAsync("update-server-info");
        var host = new GatedGitHost(repository);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Answers from now on.</summary>
    public void Open() => _open.SetResult();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, string root)
    {
        _asked.TrySetResult();
        await _open.Task.WaitAsync(context.RequestAborted);
        var path = Path.Combine(root, context.Request.Path.Value!["/repository.git/".Length..]);
        if (File.Exists(path))
        {
            await context.Response.SendFileAsync(path, context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
