using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Fetches LFS contents: from the origin's own folder, or over the Git LFS batch API. Anonymous; <c>.lfsconfig</c> is ignored.</summary>
internal sealed class LfsClient(RepositoryUrl url, HostAddresses hosts, HttpClient http)
{
    private const string MediaType = "application/vnd.git-lfs+json";

    /// <summary>The content, which throws when it does not match its digest.</summary>
    /// <exception cref="SluiceException">It is not to be had (Unprocessable or Unavailable); names the file.</exception>
    public async Task<Stream> OpenAsync(BlobInfo pointer, RepoPath path, CancellationToken cancellationToken)
    {
        var content = url.IsLocal ? await OpenLocalAsync(pointer, cancellationToken) : await OpenRemoteAsync(pointer, path, cancellationToken);
        return content is null
            ? throw new SluiceException(
                FaultKind.Unprocessable, "lfs-object-missing", $"'{path}' is a Git LFS pointer, and its content is not in the repository's LFS store; push it with git lfs.")
            : new CheckedStream(content, pointer, path);
    }

    private async Task<Stream?> OpenLocalAsync(BlobInfo pointer, CancellationToken cancellationToken)
    {
        var hex = pointer.Digest.Hex;
        return (await GitFoldersAsync(cancellationToken))
            .Select(git => Path.Combine(git, "lfs", "objects", hex[..2], hex[2..4], hex))
            .Where(File.Exists)
            .Select(file => new FileStream(file, FileMode.Open, FileAccess.Read))
            .FirstOrDefault();
    }

    // In a linked worktree or a submodule .git is a file, and the contents are where git shares them.
    private async Task<string[]> GitFoldersAsync(CancellationToken cancellationToken)
    {
        var inside = Path.Combine(url.Address, ".git");
        if (!File.Exists(inside))
        {
            return [inside, url.Address];
        }

        var common = await GitProgram.RunAsync(
            GitPlace.Checkout(url.Address), ["rev-parse", "--path-format=absolute", "--git-common-dir"], cancellationToken);
        return [common.StandardOutput.TrimEnd('\n')];
    }

    private async Task<Stream?> OpenRemoteAsync(BlobInfo pointer, RepoPath path, CancellationToken cancellationToken)
    {
        try
        {
            await hosts.ResolveAsync(url, cancellationToken);
            var address = url.Address.EndsWith(".git", StringComparison.Ordinal) ? url.Address : url.Address.TrimEnd('/') + ".git";
            using var request = new HttpRequestMessage(HttpMethod.Post, address.Replace("ssh://", "https://", StringComparison.Ordinal) + "/info/lfs/objects/batch");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
            request.Content = JsonContent.Create(
                new JsonObject
                {
                    ["operation"] = "download",
                    ["transfers"] = new JsonArray("basic"),
                    ["objects"] = new JsonArray(new JsonObject { ["oid"] = pointer.Digest.Hex, ["size"] = pointer.Size }),
                },
                new MediaTypeHeaderValue(MediaType));
            using var response = await http.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            return await DownloadAsync(answer?["objects"]?[0]?["actions"]?["download"], cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "lfs-unavailable", $"'{path}' is a Git LFS pointer, and the LFS server did not give its content.", exception);
        }
    }

    private async Task<Stream?> DownloadAsync(JsonNode? action, CancellationToken cancellationToken)
    {
        if (action?["href"]?.GetValue<string>() is not { } href || !Uri.TryCreate(href, UriKind.Absolute, out var address)
            || address.Scheme is not ("https" or "http"))
        {
            return null;
        }

        // The server names another host: it must pass the same rules as the first.
        await hosts.ResolveAsync(new RepositoryUrl(href, address.Host, IsLocal: false), cancellationToken);
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in action["header"]?.AsObject() ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value?.GetValue<string>());
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }
}
