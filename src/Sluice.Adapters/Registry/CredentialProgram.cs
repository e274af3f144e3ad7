using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Sluice.Core;

namespace Sluice.Adapters.Registry;

/// <summary>Asks a program that keeps credentials, <c>docker-credential-NAME</c>. Nothing that it prints is ever shown.</summary>
internal sealed partial class CredentialProgram(string name, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The credential for a server; null where the program keeps none.</summary>
    /// <param name="server">The server, as the program knows it.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="RegistryException">It does not work (Unavailable).</exception>
    public async Task<RegistryCredential?> FindAsync(string server, CancellationToken cancellationToken)
    {
        // It becomes the name of a program.
        if (!Name().IsMatch(name))
        {
            throw Failed("has a name that is none", null);
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var result = await Cli.Wrap("docker-credential-" + name)
                .WithArguments("get")
                .WithStandardInputPipe(PipeSource.FromString(server))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, either.Token);
            return result.ExitCode == 0 ? Read(result.StandardOutput)
                : result.StandardOutput.Contains("credentials not found", StringComparison.OrdinalIgnoreCase) ? null
                : throw Failed($"ended with status {result.ExitCode}", null);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failed($"did not answer within {Limit.TotalSeconds:0} s", exception);
        }
        catch (Win32Exception exception)
        {
            throw Failed("is not on the PATH", exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Failed("gave an answer that is none", exception);
        }
    }

    private static RegistryCredential? Read(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        var user = json.RootElement.TryGetProperty("Username", out var name) ? name.GetString() : null;
        var secret = json.RootElement.TryGetProperty("Secret", out var value) ? value.GetString() : null;
        return user is null || secret is not { Length: > 0 } ? null : new RegistryCredential(user, secret, isIdentityToken: user == "<token>");
    }

    private RegistryException Failed(string problem, Exception? exception) => new(
        FaultKind.Unavailable,
        $"could not be looked up: the credential helper {(Name().IsMatch(name) ? $"docker-credential-{name}" : "of Docker's config.json")} {problem}",
        "Install it, or name another file in SLUICE_IMAGES__CONFIG.",
        exception);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
