using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Client;
using Sluice.Core;

namespace Sluice.Server.Api;

/// <summary>Reads the body of <c>/run</c> and its like.</summary>
internal static class RunRequestReader
{
    private const int MaxParallelism = 1024;

    private static readonly string[] Known =
        ["job_name", "job_url", "ref", "adopt", "force", "fail_fast", "move", "targets", "parallelism"];

    /// <summary>The request.</summary>
    /// <exception cref="SluiceException">The body is not right; names every mistake.</exception>
    public static Task<RunRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        JsonBody.CheckType(request);
        return JsonBody.ReadAsync(request, Read, cancellationToken);
    }

    private static RunRequest Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidRequestException(
                [new MistakeView(File: null, Line: 0, Column: 0, "The body is not a JSON object.", "It is one with job_name and job_url.")]);
        }

        var fields = new RequestFields(body);
        fields.CheckNames(Known);
        var read = new RunRequest
        {
            JobName = fields.Required("job_name", "It is a text of 1 to 63 of a-z, 0-9, '_' and '-'."),
            JobUrl = fields.Required("job_url", "It is a text, the address of a git repository."),
            Ref = fields.Text("ref", "It is a text: a branch, a tag or a commit."),
            Adopt = fields.Flag("adopt"),
            FailFast = fields.Flag("fail_fast") ?? false,
            Move = fields.Flag("move") ?? false,
            Force = fields.Texts("force", "It is a list of names of tasks."),
            Targets = fields.Texts("targets", "It is a list of names of tasks or outputs."),
            Parallelism = fields.Number("parallelism", MaxParallelism),
        };
        fields.ThrowMistakes();
        return read;
    }
}
