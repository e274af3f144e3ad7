using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Client;

namespace Sluice.Testing;

/// <summary>The real <c>sluice serve</c> on a free loopback port, to talk to and to kill.</summary>
public sealed class TestService : IAsyncDisposable
{
    private readonly TempFolder? _owned;
    private readonly (string Name, string Value)[] _settings;
    private readonly ConcurrentQueue<string> _errors;
    private Process _process;

    private TestService(Process process, string address, string state, TempFolder? owned, (string Name, string Value)[] settings, ConcurrentQueue<string> errors)
    {
        (_process, Address, State, _owned, _settings, _errors) = (process, address, state, owned, settings, errors);
        Http = Connect(address);
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; private set; }

    /// <summary>Its state folder.</summary>
    public string State { get; }

    /// <summary>What it has said on its standard error so far.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>A client without manners, for hostile requests.</summary>
    public HttpClient Http { get; private set; }

    /// <summary>The typed client.</summary>
    public ISluiceApi Api => new HttpSluiceApi(Http);

    /// <summary>Starts one with a state folder of its own.</summary>
    /// <param name="settings">Settings by the names of their variables.</param>
    public static async Task<TestService> StartAsync(params (string Name, string Value)[] settings)
    {
        var folder = new TempFolder();
        var errors = new ConcurrentQueue<string>();
        var (process, address) = await LaunchAsync(folder["state"], settings, errors);
        return new TestService(process, address, folder["state"], folder, settings, errors);
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Ends it as a system would, and waits.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Starts it again on the same state folder.</summary>
    public async Task RestartAsync()
    {
        (_process, Address) = await LaunchAsync(State, _settings, _errors);
        Http.Dispose();
        Http = Connect(Address);
    }

    /// <summary><c>POST /run</c>.</summary>
    public Task<HttpResponseMessage> PostAsync(object body, string path = "/run", string? prefer = null)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (prefer is not null)
        {
            message.Headers.Add("Prefer", prefer);
        }

        return Http.SendAsync(message);
    }

    /// <summary><c>POST /run</c>, or another such call, that has to end with the status.</summary>
    public async Task<RunView> RunAsync(TestRepository repository, HttpStatusCode expected = HttpStatusCode.Created, string job = "job", string path = "/run")
    {
        using var response = await PostAsync(new { job_name = job, job_url = repository.Path, adopt = false }, path);
        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode == expected
            ? JsonSerializer.Deserialize(text, ClientJson.Default.RunView)!
            : throw new InvalidOperationException($"POST {path} answered {(int)response.StatusCode}: {text}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!HasExited(_process))
        {
            await KillAsync();
        }

        _owned?.Dispose();
    }

    // Whoever expects a word before it sends a body waits for it, also where the machine is busy.
    private static HttpClient Connect(string address) => new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
    {
        BaseAddress = new Uri(address),
        Timeout = TimeSpan.FromMinutes(2),
    };

    private static bool HasExited(Process process)
    {
        try
        {
            return process.HasExited;
        }
        catch (InvalidOperationException)
        {
            // It was killed by the test, and its handle is gone.
            return true;
        }
    }

    private static async Task<(Process Process, string Address)> LaunchAsync(
        string state, (string Name, string Value)[] settings, ConcurrentQueue<string> errors)
    {
        var start = new ProcessStartInfo(SluiceBinary.Path, ["serve", "--data", state])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SLUICE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["SLUICE_URLS"] = "http://127.0.0.1:0";
        start.Environment["SLUICE_PROCESS__GRACE"] = "1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, error) => errors.Enqueue(error.Data ?? "");
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync();
        const string Listening = "Listening on ";
        if (line?.StartsWith(Listening, StringComparison.Ordinal) == true)
        {
            return (process, line[Listening.Length..]);
        }

        await process.WaitForExitAsync();
        throw new InvalidOperationException($"The service did not start: {line} {string.Join('\n', errors)}");
    }
}
