using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Access;
using Sluice.Server.Api;

namespace Sluice.Server.Hosting;

/// <summary>The HTTP service around an embedded Sluice.</summary>
public static class SluiceServer
{
    private const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Builds the service.</summary>
    public static WebApplication Build(EmbeddedSluice sluice, Action<ILoggingBuilder> logging)
    {
        // Not the folder that somebody stands in, nor any settings but Sluice's own: a file of a repository must not set up the service.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.WebHost.UseUrls(sluice.Settings.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddSingleton(sluice);
        builder.Services.AddSingleton(sluice.Api);
        builder.Services.AddSingleton<Submissions>();
        builder.Services.AddAccess(sluice.Settings.Access);
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.AddOpenApi("v1", ApiDocument.Configure);

        // What cannot be read is thrown, so that the problem says which parameter it was.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ClientJson.Default);
        });

        var app = builder.Build();
        app.UseExceptionHandler(_ => { });
        app.UseMiddleware<RequestGuard>();
        app.UseStatusCodePages(context => Problems.WriteAsync(
            context.HttpContext, Problems.Of(context.HttpContext.Response.StatusCode), context.HttpContext.RequestAborted));
        app.UseAuthentication();
        app.UseAuthorization();
        var api = app.MapGroup("").AnswersHead().AsksWho();
        api.MapOpenApi("/openapi/v1.json");
        api.MapOperations();
        api.MapSubmissions();
        api.MapRuns();
        api.MapJobs();
        return app;
    }

    /// <summary>Runs the service until it is told to stop; its tasks then get SIGTERM and their grace time.</summary>
    public static async Task RunAsync(EmbeddedSluice sluice, WebApplication app, Action<string> onListening, CancellationToken cancellationToken)
    {
        await sluice.ClearLeftoversAsync(cancellationToken);

        // Requests that wait for a run end with it: the runs are stopped first, then the server.
        app.Lifetime.ApplicationStopping.Register(() => sluice.Queue.Stop());
        await ListenAsync(sluice, app, cancellationToken);

        // Only who can be asked takes up what was interrupted.
        await sluice.Queue.ResumeAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        // Commands of this machine ask there; all of its addresses are none that can be asked.
        sluice.Announce(address.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//[::1]:", StringComparison.Ordinal));
        onListening(address);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task ListenAsync(EmbeddedSluice sluice, WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            var reason = exception.InnerException is AddressInUseException ? "something listens there already" : exception.Message;
            throw new SluiceException(
                FaultKind.Conflict, "cannot-listen", $"Cannot listen on {sluice.Settings.Urls}: {reason}. Name another address with --urls or SLUICE_URLS.", exception);
        }
    }
}
