using System.Text.Json;
using CliWrap.Buffered;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>A checkout with a small job, a state folder, and the command.</summary>
public abstract class CheckoutFixture : IAsyncLifetime
{
    /// <summary>A folder for whatever else a test needs.</summary>
    protected TempFolder Folder { get; } = new();

    /// <summary>The checkout.</summary>
    protected TestRepository Repository { get; private set; } = null!;

    /// <summary>The command in it.</summary>
    protected SluiceCommand Sluice { get; private set; } = null!;

    /// <summary>The state folder.</summary>
    protected string State => Folder["state"];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", """
                $job: {name: my-job}
                a.py: {inputs: [raw.txt], outputs: [a.txt], command: tr a-z A-Z < data/raw.txt > data/a.txt}
                b.py: {inputs: [a.txt], outputs: [b/], command: "mkdir -p data/b/x data/b/y; cp data/a.txt data/b/x/f; echo tool > data/b/y/f; chmod +x data/b/y/f"}
                """),
            ("src/my-job/a.py", ""),
            ("src/my-job/b.py", ""),
            ("data/raw.txt", "hello\n"));
        Sluice = new SluiceCommand(Repository, State);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Repository.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the command, which has to end with the exit code.</summary>
    protected Task<BufferedCommandResult> SluiceAsync(int exitCode, params string[] arguments) => Sluice.RunAsync(exitCode, arguments);

    /// <summary>What the command prints as JSON.</summary>
    protected async Task<JsonElement> JsonAsync(int exitCode, params string[] arguments) =>
        JsonDocument.Parse((await SluiceAsync(exitCode, [.. arguments, "--json"])).StandardOutput).RootElement;
}
