using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sluice.Client;
using Sluice.Core.Planning;
using Sluice.Core.Running;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>What the service's description (<c>/openapi/v1.json</c>) says beyond the endpoints and the records themselves.</summary>
internal static class ApiDocument
{
    private const string Scheme = "bearer";

    // The wire has texts where Core has enums, so that a client of today can read what a service of tomorrow adds.
    private static readonly Dictionary<(Type Type, string Property), string[]> Words = new()
    {
        [(typeof(RunView), "kind")] = Names<RunKind>(),
        [(typeof(RunView), "trigger")] = Names<RunTrigger>(),
        [(typeof(RunView), "status")] = Names<RunStatus>(),
        [(typeof(PlanView), "kind")] = Names<RunKind>(),
        [(typeof(TaskView), "planned")] = Names<PlannedState>(),
        [(typeof(TaskView), "state")] = Names<TaskState>(),
        [(typeof(ReasonView), "code")] = Names<ReasonCode>(),
    };

    /// <summary>Adds it.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.HttpMethod != "HEAD";
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Sluice";
            document.AddComponent(Scheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            AddLocation(operation);
            if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Complete(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    }

    private static void AddLocation(OpenApiOperation operation)
    {
        foreach (var (_, response) in operation.Responses?.Where(pair => pair.Key is "201" or "202") ?? [])
        {
            ((OpenApiResponse)response).Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Location"] = new OpenApiHeader { Description = "The run's address", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
        }
    }

    // The service writes every field of an answer, but no place of a mistake that has none; what a request may leave out is said by its record.
    private static void Complete(OpenApiSchema schema, Type type)
    {
        if (schema.Properties is null || type.Assembly != typeof(RunView).Assembly)
        {
            return;
        }

        if (type != typeof(RunRequest))
        {
            schema.Required = schema.Properties.Keys.Where(name => type != typeof(MistakeView) || name is not ("line" or "column")).ToHashSet();
        }

        foreach (var (name, property) in schema.Properties)
        {
            if (property is OpenApiSchema own && Words.TryGetValue((type, name), out var words))
            {
                own.Enum = [.. words.Select(word => (JsonNode)word)];
                if (own.Type?.HasFlag(JsonSchemaType.Null) == true)
                {
                    own.Enum.Add(JsonNullSentinel.JsonNull);
                }
            }
        }
    }

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Views.Name)];
}
