using System.Security.Cryptography;
using k8s;
using k8s.Exceptions;
using Sluice.Core;
using YamlDotNet.Core;

namespace Sluice.Adapters.Argo;

/// <summary>The way to the API server: its address, its certificate and the credential, from the cluster's own pod or a kubeconfig.</summary>
internal sealed class ClusterConnection(WorkflowOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private Kubernetes? _client;

    /// <summary>The address, as far as it is known.</summary>
    public string Server => _client?.BaseUri.GetLeftPart(UriPartial.Authority) ?? "the cluster";

    /// <summary>Sends a request, with the credential. The answer's body is not read yet.</summary>
    /// <exception cref="SluiceException">There is no usable configuration.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var client = Connect();
        request.RequestUri = new Uri(client.BaseUri, request.RequestUri!);
        if (client.Credentials is not null)
        {
            try
            {
                await client.Credentials.ProcessHttpRequestAsync(request, cancellationToken);
            }
            catch (KubeConfigException exception)
            {
                throw Broken($"the kubeconfig's credential cannot be had: {exception.Message}", exception);
            }
        }

        return await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    // With the first use and not before: a kubeconfig that is broken must not keep a service from starting, and may be mended.
    private Kubernetes Connect()
    {
        lock (_lock)
        {
            return _client ??= Make();
        }
    }

    private Kubernetes Make()
    {
        if (options.KubeConfig is null && KubernetesClientConfiguration.IsInCluster())
        {
            return new Kubernetes(KubernetesClientConfiguration.InClusterConfig());
        }

        var path = options.KubeConfig
            ?? Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
            ?? KubernetesClientConfiguration.KubeConfigDefaultLocation;
        if (!File.Exists(path))
        {
            throw Broken($"there is no kubeconfig '{path}'; set SLUICE_ARGO__KUBECONFIG, or run the service within the cluster.");
        }

        try
        {
            return new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(path), options.Context));
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            throw Broken($"the kubeconfig '{path}' cannot be used: {exception.Message}", exception);
        }
    }

    // What the client's reader of such files lets through, of a file that is not one.
    private static bool IsOfTheFile(Exception exception) => exception
        is KubeConfigException or YamlException or FormatException or CryptographicException or IOException or UnauthorizedAccessException
        or InvalidOperationException or ArgumentException or NullReferenceException;

    private static SluiceException Broken(string message, Exception? exception = null) => new(FaultKind.Unavailable, "cluster-unavailable", message, exception);
}
