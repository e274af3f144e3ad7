using System.Globalization;
using System.Net;
using CliWrap.Buffered;
using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>The bare repository that follows one origin: heads and tags only, and every planned commit under refs/sluice/keep.</summary>
internal sealed class Mirror(RepositoryUrl url, string folder, GitOptions options, HostAddresses hosts) : IDisposable
{
    /// <summary>Where the origin's HEAD is kept.</summary>
    public const string OriginHead = "refs/sluice/head";

    private static readonly string[] HeadsAndTags = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Whether anything was ever fetched.</summary>
    public bool Exists => File.Exists(Path.Combine(folder, "HEAD"));

    /// <summary>Brings the mirror up to date; one fetch at a time.</summary>
    /// <exception cref="SluiceException">The origin cannot be read; says why.</exception>
    public async Task FetchAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await InitializeAsync("sha1", cancellationToken);
            var result = await RunFetchAsync(cancellationToken, "+HEAD:" + OriginHead);
            if (result.ExitCode != 0 && result.StandardError.Contains("mismatched algorithms", StringComparison.Ordinal))
            {
                Directory.Delete(folder, recursive: true);
                await InitializeAsync("sha256", cancellationToken);
                result = await RunFetchAsync(cancellationToken, "+HEAD:" + OriginHead);
            }

            if (result.ExitCode != 0 && result.StandardError.Contains("couldn't find remote ref HEAD", StringComparison.OrdinalIgnoreCase))
            {
                // An origin whose HEAD names a branch without commits: empty, or with other branches only.
                await GitProgram.RunAsync(folder, ["update-ref", "-d", OriginHead], cancellationToken);
                result = await RunFetchAsync(cancellationToken);
            }

            if (result.ExitCode != 0)
            {
                throw FetchErrors.Of(result.StandardError);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keeps a commit for good, whatever becomes of its branch.</summary>
    public async Task KeepAsync(CommitId commit, CancellationToken cancellationToken)
    {
        var name = $"refs/sluice/keep/{commit}";
        if (!File.Exists(Path.Combine(folder, name)))
        {
            await GitProgram.RunAsync(folder, ["update-ref", name, commit.Value], cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task InitializeAsync(string format, CancellationToken cancellationToken)
    {
        if (Exists)
        {
            RemoveStaleLocks();
            return;
        }

        Directory.CreateDirectory(folder);
        await GitProgram.RunAsync(folder, ["init", "--quiet", "--bare", $"--object-format={format}", "."], cancellationToken);
    }

    // Only one fetch runs here at a time, and a state folder has one owner: a lock is left over from one that was killed.
    private void RemoveStaleLocks()
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.lock")
            .Concat(Directory.EnumerateFiles(Path.Combine(folder, "refs"), "*.lock", SearchOption.AllDirectories)))
        {
            File.Delete(path);
        }
    }

    private async Task<BufferedCommandResult> RunFetchAsync(CancellationToken cancellationToken, params string[] more)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.FetchTimeout);
        var settings = url.IsLocal ? [] : await RemoteSettingsAsync(limit.Token);
        try
        {
            return await GitProgram.RunAsync(
                folder,
                [.. settings, "fetch", "--quiet", "--force", "--prune", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--", url.Address, .. HeadsAndTags, .. more],
                limit.Token,
                url.IsLocal ? "file" : new Uri(url.Address).Scheme);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "git-host-unavailable", $"The repository did not answer within {options.FetchTimeout.TotalSeconds:0} s.");
        }
    }

    private async Task<string[]> RemoteSettingsAsync(CancellationToken cancellationToken)
    {
        var uri = new Uri(url.Address);
        var address = await hosts.ResolveAsync(url, cancellationToken);
        var pinned = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        var port = uri.IsDefaultPort ? (uri.Scheme == "http" ? 80 : 443) : uri.Port;
        return uri.Scheme == "ssh" || IPAddress.TryParse(uri.IdnHost, out _)
            ? StallSettings()
            : ["-c", $"http.curloptResolve={uri.IdnHost}:{port.ToString(CultureInfo.InvariantCulture)}:{pinned}", .. StallSettings()];
    }

    private string[] StallSettings() => ["-c", "http.lowSpeedLimit=1", "-c", $"http.lowSpeedTime={options.StallSeconds}"];
}
