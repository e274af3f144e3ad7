using System.Text;
using Sluice.Adapters.Argo;
using Sluice.Core.Clusters;
using Sluice.Testing.Kubernetes;

namespace Sluice.Adapters.Tests.Argo;

public sealed class LogTests : IAsyncLifetime
{
    private const string Argos = "time=\"2026-11-23T17:11:37.013Z\" level=info msg=\"sub-process exited\" argo=true error=\"<nil>\"";

    private readonly WorkflowOrder _order = TestOrders.Of(2, 0, 1);
    private TestKubernetes _kubernetes = null!;

    public async ValueTask InitializeAsync() => _kubernetes = await TestKubernetes.StartAsync();

    public ValueTask DisposeAsync() => _kubernetes.DisposeAsync();

    [Fact]
    public async Task The_newest_pods_output_is_read_without_Argos_own_lines()
    {
        _kubernetes.SetPod(Workflows.Pod(_order, 1, "first", created: "2026-11-23T17:00:00Z"));
        _kubernetes.SetPod(Workflows.Pod(_order, 1, "second", created: "2026-11-23T18:00:00Z"));
        _kubernetes.Log("second").Append($"one\n{Argos}\ntwo, unfinished{Argos}\nthree").End();

        Assert.Equal("one\ntwo, unfinishedthree", await ReadAsync(task: 1, follow: false));
    }

    [Fact]
    public async Task An_output_is_followed_while_it_is_made()
    {
        _kubernetes.SetPod(Workflows.Pod(_order, 0, "pod"));
        var log = _kubernetes.Log("pod").Append("10 % tim");
        using var engine = Engines.Create(_kubernetes);
        using var output = await engine.OpenLogAsync(_order.Name, 0, follow: true, default);
        var buffer = new byte[100];

        var first = Encoding.UTF8.GetString(buffer, 0, await output!.ReadAsync(buffer));
        log.Append("e left\n").End();
        using var reader = new StreamReader(output);

        Assert.Equal("10 % ", first);
        Assert.Equal("time left\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task There_is_none_of_a_pod_that_is_not_there_or_has_not_begun()
    {
        Assert.Null(await ReadAsync(task: 0, follow: true));
        _kubernetes.SetPod(Workflows.Pod(_order, 0, "waits", "Pending", nodeName: null));
        Assert.Null(await ReadAsync(task: 0, follow: true));
        _kubernetes.SetPod(Workflows.Pod(_order, 0, "waits", "Pending"));
        Assert.Null(await ReadAsync(task: 0, follow: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Argos_lines_are_known_however_they_come(int chunk)
    {
        var text = $"a\ntime=\"2026 is a year\"\n{Argos}\n{Argos}\r\ntime=\"2026-11-23\" level=info msg=\"mine\"\nb{Argos}";
        using var output = new CommandOutput(new HttpResponseMessage(), new Chunks(Encoding.UTF8.GetBytes(text), chunk));
        using var reader = new StreamReader(output);

        Assert.Equal("a\ntime=\"2026 is a year\"\ntime=\"2026-11-23\" level=info msg=\"mine\"\nb", await reader.ReadToEndAsync());
    }

    [Theory]
    [InlineData("x", 20_000_000, 700)]
    [InlineData("\n", 20_000_000, 16 * 1024)]
    [InlineData("time=\"20", 300_000, 9)]
    [InlineData("time=\"20\n", 2_000_000, 700)]
    public async Task A_long_output_is_passed_on_whole(string part, int times, int chunk)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, times)));
        await using var output = new CommandOutput(new HttpResponseMessage(), new Chunks(bytes, chunk));
        using var copy = new MemoryStream();

        await output.CopyToAsync(copy);

        Assert.True(copy.ToArray().AsSpan().SequenceEqual(bytes));
    }

    private async Task<string?> ReadAsync(int task, bool follow)
    {
        using var engine = Engines.Create(_kubernetes);
        if (await engine.OpenLogAsync(_order.Name, task, follow, default) is not { } output)
        {
            return null;
        }

        using var reader = new StreamReader(output);
        return await reader.ReadToEndAsync();
    }

    private sealed class Chunks(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
