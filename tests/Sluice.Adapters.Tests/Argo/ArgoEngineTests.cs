using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Adapters.Argo;
using Sluice.Core;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Kubernetes;

namespace Sluice.Adapters.Tests.Argo;

public sealed class ArgoEngineTests
{
    [Fact]
    public async Task A_workflow_is_submitted_strictly_and_once()
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        using var engine = Engines.Create(kubernetes);
        var order = TestOrders.Of(2, 0, 1);

        await engine.SubmitAsync(order, default);
        await engine.SubmitAsync(order, default);

        Assert.Equal(order.Name, Assert.Single(kubernetes.ListWorkflows())["metadata"]!["name"]!.ToString());
        Assert.All(kubernetes.Requests.Where(request => request.Method == "POST"), request => Assert.Contains("fieldValidation=Strict", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_workflow_of_somebody_elses_is_not_taken_over()
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        using var engine = Engines.Create(kubernetes);
        var order = TestOrders.Of(1, 0);
        kubernetes.SetWorkflow(Workflows.Running(order with { Run = RunId.New(DateTimeOffset.UnixEpoch.AddDays(1)) }));

        var exception = await Assert.ThrowsAsync<SluiceException>(() => engine.SubmitAsync(order, default));

        Assert.Equal((FaultKind.BadGateway, "workflow-exists"), (exception.Kind, exception.Code));
    }

    [Fact]
    public async Task A_workflow_that_is_too_large_is_not_sent()
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        using var engine = Engines.Create(kubernetes);
        var tasks = Enumerable.Range(0, 2000).Select(index => TestOrders.Task(index, TestOrders.Declared("t"), [.. Enumerable.Range(0, Math.Min(index, 120))]));

        var exception = await Assert.ThrowsAsync<SluiceException>(() => engine.SubmitAsync(TestOrders.Of(tasks, Enumerable.Range(0, 2000)), default));

        Assert.Contains("1.4 MB at most", exception.Message, StringComparison.Ordinal);
        Assert.Empty(kubernetes.Requests);
    }

    [Theory]
    [InlineData(413, "Request Entity Too Large", "Request entity too large: limit is 3145728")]
    [InlineData(500, "", "rpc error: code = ResourceExhausted desc = trying to send message larger than max")]
    public async Task A_workflow_that_is_too_large_for_the_cluster_is_told_and_not_sent_again(int code, string reason, string message)
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        using var engine = Engines.Create(kubernetes);
        kubernetes.Answer(request => request.Method == "POST", KubernetesAnswer.Failure(code, reason, message));

        var exception = await Assert.ThrowsAsync<SluiceException>(() => engine.SubmitAsync(TestOrders.Of(1, 0), default));

        Assert.Contains("the Workflow is too large for it", exception.Message, StringComparison.Ordinal);
        Assert.Single(kubernetes.Requests);
    }

    [Fact]
    public async Task A_workflow_is_stopped_and_one_that_is_gone_stays_so()
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        using var engine = Engines.Create(kubernetes);
        var order = TestOrders.Of(1, 0);
        await engine.SubmitAsync(order, default);

        await engine.StopAsync(order.Name, order.Run, default);
        await engine.StopAsync("not-there", order.Run, default);

        Assert.Equal("Terminate", kubernetes.FindWorkflow(order.Name)!["spec"]!["shutdown"]!.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_workflow_of_somebody_elses_is_not_stopped(bool isLabelled)
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        using var engine = Engines.Create(kubernetes);
        var order = TestOrders.Of(1, 0);
        var theirs = Workflows.Running(order with { Run = RunId.New(DateTimeOffset.UnixEpoch.AddDays(1)) });
        if (!isLabelled)
        {
            theirs["metadata"]!.AsObject().Remove("labels");
        }

        kubernetes.SetWorkflow(theirs);

        await engine.StopAsync(order.Name, order.Run, default);

        Assert.Null(kubernetes.FindWorkflow(order.Name)!["spec"]?["shutdown"]);
    }

    [Fact]
    public async Task A_cluster_without_Argo_is_told_as_such()
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        kubernetes.IsWithoutArgo = true;
        using var engine = Engines.Create(kubernetes);

        var exception = await Assert.ThrowsAsync<SluiceException>(() => engine.SubmitAsync(TestOrders.Of(1, 0), default));

        Assert.Contains("Argo Workflows is not installed", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, FaultKind.Unavailable, "its answer cannot be read")]
    [InlineData(404, FaultKind.BadGateway, "it answered 404, and not as an API server does")]
    [InlineData(502, FaultKind.Unavailable, "it answered 502, and not as an API server does")]
    public async Task What_is_no_API_server_is_told_as_such(int status, FaultKind kind, string words)
    {
        await using var kubernetes = await TestKubernetes.StartAsync();
        kubernetes.Answer(_ => true, KubernetesAnswer.Text(status, "<html>Welcome</html>", "text/html"));
        using var engine = Engines.Create(kubernetes);

        var exception = await Assert.ThrowsAsync<SluiceException>(() => engine.SubmitAsync(TestOrders.Of(1, 0), default));

        Assert.Equal(kind, exception.Kind);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "there is no kubeconfig")]
    [InlineData("{", "cannot be used")]
    [InlineData("apiVersion: v1\nkind: Config\nclusters: []\n", "cannot be used")]
    [InlineData("just text", "cannot be used")]
    public async Task A_kubeconfig_that_cannot_be_used_is_told(string? content, string words)
    {
        using var folder = new TempFolder();
        if (content is not null)
        {
            await File.WriteAllTextAsync(folder["kubeconfig"], content);
        }

        var exception = await SubmitAsync(folder["kubeconfig"]);

        Assert.Equal(FaultKind.Unavailable, exception.Kind);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "", "nobody listens there")]
    [InlineData("http://no-such-host.invalid:80", "", "the host is not known here")]
    [InlineData("https://127.0.0.1:1", "client-certificate-data: AAAA\n    client-key-data: AAAA", "cannot be used")]
    public async Task A_server_that_cannot_be_reached_is_told(string server, string user, string words)
    {
        using var folder = new TempFolder();

        var exception = await SubmitAsync(await WriteAsync(folder, server, user));

        Assert.Equal(FaultKind.Unavailable, exception.Kind);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_told()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=cluster", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = HandshakeAsync(listener, certificate);
        using var folder = new TempFolder();

        var exception = await SubmitAsync(await WriteAsync(folder, $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", ""));
        await serving;

        Assert.Contains("its TLS certificate is not trusted", exception.Message, StringComparison.Ordinal);
    }

    private static async Task HandshakeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(certificate);
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // The client does not go on, as it should.
        }
    }

    private static async Task<string> WriteAsync(TempFolder folder, string server, string user)
    {
        await File.WriteAllTextAsync(folder["kubeconfig"], $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: test
              cluster:
                server: {server}
            users:
            - name: test
              user:
                {(user.Length == 0 ? "token: test" : user)}
            contexts:
            - name: test
              context:
                cluster: test
                user: test
            current-context: test
            """);
        return folder["kubeconfig"];
    }

    private static async Task<SluiceException> SubmitAsync(string kubeConfig)
    {
        using var engine = new ArgoEngine(new WorkflowOptions { KubeConfig = kubeConfig }, null, Engines.Fast, TimeProvider.System, NullLogger<ArgoEngine>.Instance);
        return await Assert.ThrowsAsync<SluiceException>(() => engine.SubmitAsync(TestOrders.Of(1, 0), default));
    }
}
