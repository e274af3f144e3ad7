using System.Text.Json.Nodes;
using NJsonSchema;

namespace Sluice.Testing.StandIn;

/// <summary>Argo's own schemas, where they are shared beside the project.</summary>
internal static class WorkflowSchema
{
    private static readonly string[] Versions = ["workflow-schema-v3.7.18.json", "workflow-schema-v4.1.2.json"];

    private static readonly Lazy<List<JsonSchema>> Schemas = new(Read);

    /// <summary>What is wrong with a Workflow; nothing where the schemas are not there.</summary>
    public static IEnumerable<string> Validate(JsonObject workflow)
    {
        var sent = workflow.DeepClone().AsObject();
        sent.Remove("status");
        return Schemas.Value.SelectMany(schema => schema.Validate(sent.ToJsonString())).Select(problem => problem.ToString());
    }

    private static List<JsonSchema> Read()
    {
        var paths = Versions.Select(file => Path.Combine(SharedFiles.Folder, file)).Where(File.Exists);
        return [.. paths.Select(path =>
        {
            var schema = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            schema["oneOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/io.argoproj.workflow.v1alpha1.Workflow" });
            schema.Remove("$id");
            return JsonSchema.FromJsonAsync(schema.ToJsonString()).GetAwaiter().GetResult();
        })];
    }
}
