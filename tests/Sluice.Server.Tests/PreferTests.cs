using System.Net;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>The header <c>Prefer</c> as RFC 7240 has it.</summary>
public sealed class PreferTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Theory]
    [InlineData("respond-async", "respond-async")]
    [InlineData("Respond-Async", "respond-async")]
    [InlineData("wait=0", "wait=0")]
    [InlineData("WAIT = 0", "wait=0")]
    [InlineData("wait=\"0\"", "wait=0")]
    [InlineData("wait=0; foo", "wait=0")]
    [InlineData("wait=0, wait=600", "wait=0")]
    [InlineData("a=\"wait=600, b\"; c=\"d, wait=600\", wait=0", "wait=0")]
    [InlineData("wait=0, respond-async", "respond-async, wait=0")]
    public async Task A_preference_is_understood_however_it_is_written(string prefer, string applied)
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "a: {outputs: [o], code: [dependencies.yaml], command: 'sleep 600'}"));

        using var response = await _service.PostAsync(new { job_name = "job", job_url = repository.Path, move = true }, prefer: prefer);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(applied, response.Headers.GetValues("Preference-Applied").Single());
        await _service.Api.CancelAsync(response.Headers.Location!.ToString().Split('/')[^1]);
    }

    [Theory]
    [InlineData("respond-async, wait=600")]
    [InlineData("wait=99999999999999999999")]
    [InlineData("x-respond-async")]
    [InlineData("x; respond-async; wait=0")]
    [InlineData("wait=-1, return=minimal")]
    public async Task A_run_that_ends_within_the_time_is_waited_for(string prefer)
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "a: {outputs: [o], code: [dependencies.yaml], command: 'echo 1 > data/o'}"));

        using var response = await _service.PostAsync(new { job_name = "quick", job_url = repository.Path, move = true, force = new[] { "a" } }, prefer: prefer);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }
}
