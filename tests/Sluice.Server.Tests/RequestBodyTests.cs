using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Bodies and parameters that are not right are told what is wrong, and where.</summary>
public sealed class RequestBodyTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Every_mistake_of_a_request_is_told_with_its_field()
    {
        var problem = await PostAsync("""{"job_name": null, "ref": 1, "adopt": "yes", "force": ["a", 1], "parallelism": 0, "x": 1, "move": true, "move": true}""");

        Assert.Equal(400, problem.Status);
        Assert.Equal(
            ["x", "move", "job_name", "job_url", "ref", "adopt", "force", "parallelism"], problem.Errors!.Select(mistake => mistake.Field));
        Assert.All(problem.Errors!, mistake => Assert.NotEmpty(mistake.Problem + mistake.Advice));
        Assert.StartsWith("8 mistakes in the request; the first: x: ", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_of_a_request_has_no_place_in_a_file()
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await _service.Http.PostAsync("/run", content);

        Assert.DoesNotContain("\"line\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await PostAsync("{}")).Errors![0].Line);
    }

    [Fact]
    public async Task Fields_that_have_to_be_there_are_missed_when_they_are_null()
    {
        var problem = await PostAsync("""{"job_name": null, "job_url": null}""");

        Assert.Equal(["job_name", "job_url"], problem.Errors!.Select(mistake => mistake.Field));
    }

    [Theory]
    [InlineData("{\"job_name\": \"\\ud800\", \"job_url\": \"/x\"}")]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"/x\", \"\\ud800\": 1}")]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"/x\", \"force\": [\"\\udc00\"]}")]
    [InlineData("{\"job_name\": \"\u00ff\", \"job_url\": \"/x\"}")]
    [InlineData("{\"\u00ff\": \"job\", \"job_url\": \"/x\"}")]
    [InlineData("\u00ff")]
    [InlineData("")]
    public async Task A_body_that_is_not_unicode_is_no_defect(string latin1)
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(latin1));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _service.Http.PostAsync("/run", content);
        var problem = await response.Content.ReadFromJsonAsync(ClientJson.Default.ProblemView);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.EndsWith("not-json", problem!.Type, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/run", null)]
    [InlineData("/run", "text/plain")]
    [InlineData("/run", "application/json; charset=iso-8859-1")]
    [InlineData("/api/v1/plan", null)]
    [InlineData("/api/v1/plan", "application/json; charset=utf-16")]
    [InlineData("/api/v1/runs/nope/cancel", "text/plain")]
    public async Task A_body_of_another_type_is_415_and_says_what_is_needed(string path, string? type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await _service.Http.PostAsync(path, content);
        var problem = await response.Content.ReadFromJsonAsync(ClientJson.Default.ProblemView);

        Assert.Equal(415, (int)response.StatusCode);
        Assert.EndsWith("not-json", problem!.Type, StringComparison.Ordinal);
        Assert.Contains(type?.Contains("charset", StringComparison.Ordinal) == true ? "utf-8" : "application/json", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_charset_of_utf_8_is_no_mistake()
    {
        using var content = new StringContent("{}", Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json; charset=\"UTF-8\""));
        using var response = await _service.Http.PostAsync("/run", content);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/runs?limit=abc", "limit is a whole number.")]
    [InlineData("/api/v1/jobs?limit=99999999999", "limit is a whole number.")]
    [InlineData("/api/v1/runs?limit=0", "limit is a whole number from 1 to 1000.")]
    [InlineData("/api/v1/runs/x/events?after=x", "after is a whole number.")]
    [InlineData("/api/v1/runs/x/log?task=a&follow=1", "follow is true or false.")]
    [InlineData("/api/v1/runs/x/log", "task is missing: say whose log.")]
    [InlineData("/api/v1/jobs/x/history", "path is missing.")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, string detail)
    {
        using var response = await _service.Http.GetAsync(path);
        var problem = await response.Content.ReadFromJsonAsync(ClientJson.Default.ProblemView);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(detail, problem!.Detail);
    }

    private async Task<ProblemView> PostAsync(string body)
    {
        using var response = await _service.Http.PostAsync("/run", new StringContent(body, Encoding.UTF8, "application/json"));
        return (await response.Content.ReadFromJsonAsync(ClientJson.Default.ProblemView))!;
    }
}
