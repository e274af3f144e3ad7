using System.Text.Json.Nodes;
using Sluice.Core.Jobs;
using Sluice.Core.Running;

namespace Sluice.Store.S3;

/// <summary>What the pods of a run may do: all that <see cref="RunWork"/> and <see cref="S3RunContents"/> ask for in a pod, and nothing else.</summary>
internal static class S3RunPolicy
{
    /// <summary>The policy of a session, which takes away from what the role may. At most 2,048 characters, which is what STS takes.</summary>
    /// <param name="options">Where the store is.</param>
    /// <param name="partition">The first word of names there after <c>arn</c>; <c>aws</c> nearly everywhere.</param>
    /// <param name="job">The job.</param>
    /// <param name="run">The run.</param>
    public static string Of(S3Options options, string partition, JobName job, RunId run)
    {
        var space = options.Bucket is { } one ? $"arn:{partition}:s3:::{one}/{job.Value}" : $"arn:{partition}:s3:::{job.Value}";
        var work = $"{space}/{SpaceNames.WorkOf(run)}";
        return new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(
                Allow("s3:GetObject", $"{space}/{SpaceNames.Contents}/*", $"{space}/{SpaceNames.Results}/*", $"{work}/*"),

                // Not the orders, which are the service's.
                Allow("s3:PutObject", $"{work}/claims/*", $"{work}/reports/*", $"{work}/contents/*")),
        }.ToJsonString();
    }

    private static JsonObject Allow(string action, params string[] resources) => new()
    {
        ["Effect"] = "Allow",
        ["Action"] = new JsonArray(action),
        ["Resource"] = new JsonArray([.. resources.Select(resource => (JsonNode)resource)]),
    };
}
