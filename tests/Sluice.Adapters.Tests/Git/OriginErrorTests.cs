using System.Net;
using System.Net.Sockets;
using Sluice.Adapters.Git;
using Sluice.Core;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>What a person is told when a repository cannot be fetched.</summary>
public sealed class OriginErrorTests
{
    [Theory]
    [InlineData("302 Found\r\nLocation: /elsewhere", "", "repository-moved")]
    [InlineData("200 OK\r\nContent-Type: text/html", "<html><body>Log in</body></html>", "repository-not-found")]
    [InlineData("200 OK\r\nContent-Type: text/html", "<html>\n<body>Log in</body>\n</html>\n", "repository-not-found")]
    [InlineData("404 Not Found", "", "repository-not-found")]
    [InlineData("503 Service Unavailable", "", "git-host-unavailable")]
    public async Task An_answer_that_is_not_gits_is_told_for_what_it_is(string head, string body, string code)
    {
        await using var server = new OneAnswerServer(head, body);
        using var mirrors = new TestMirrors(new GitOptions { Allowed = ["http://*"], PrivateHosts = ["127.0.0.1"] });
        var repository = await mirrors.OpenAsync(server.Address);

        var error = await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync("main", default));

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task A_host_that_takes_no_connection_is_given_up()
    {
        // The queue of a listener that accepts nobody holds one more than it says; what comes after that gets no answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        using var first = new TcpClient();
        using var second = new TcpClient();
        await first.ConnectAsync(address);
        await second.ConnectAsync(address);
        using var mirrors = new TestMirrors(
            new GitOptions { Allowed = ["http://*"], PrivateHosts = ["127.0.0.1"], ConnectTimeout = TimeSpan.FromMilliseconds(500) });
        var repository = await mirrors.OpenAsync($"http://{address}/team/job");

        var error = await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync("main", default));

        Assert.Equal("git-host-unavailable", error.Code);
        Assert.Contains("127.0.0.1 of the repository did not answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_ask_for_a_host_that_says_nothing_wait_for_it_together()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var mirrors = new TestMirrors(new GitOptions { Allowed = ["http://*"], PrivateHosts = ["127.0.0.1"], StallSeconds = 1 });
        var repository = await mirrors.OpenAsync($"http://{listener.LocalEndpoint}/team/job");

        var errors = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync("main", default))));

        // Two fetches at most, each with the question whether the host takes connections. The kernel took them.
        Assert.All(errors, error => Assert.Equal("git-host-unavailable", error.Code));
        Assert.InRange(await CountAsync(listener), 1, 4);
    }

    [Fact]
    public async Task A_partial_clone_is_told_from_other_troubles()
    {
        using var mirrors = new TestMirrors();
        using var folder = new TempFolder();
        var origin = await TestRepository.CreateAsync(("f", "1"));
        await origin.GitAsync("config", "uploadpack.allowFilter", "true");
        var partial = folder["partial"];
        await origin.GitAsync("clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://" + origin.Path, partial);
        var repository = await mirrors.OpenAsync(partial);
        origin.Dispose();

        var error = await Assert.ThrowsAsync<SluiceException>(() => repository.ResolveAsync(null, default));

        Assert.Equal("repository-incomplete", error.Code);
    }

    [Fact]
    public void The_first_fatal_line_is_the_cause()
    {
        var error = FetchErrors.Of("""
            fatal: detected dubious ownership in repository at '/r/.git'
            To add an exception for this directory, call:

            	git config --global --add safe.directory /r/.git
            fatal: Could not read from remote repository.
            """);

        Assert.Equal("repository-owned-by-another", error.Code);
        Assert.Contains("at '/r/.git'", error.Message, StringComparison.Ordinal);
        Assert.Contains("safe.directory", error.Message, StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(TcpListener listener)
    {
        var count = 0;
        for (; listener.Pending(); count++)
        {
            (await listener.AcceptTcpClientAsync()).Dispose();
        }

        return count;
    }
}
