using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Client;
using Sluice.Server.Access;

namespace Sluice.Server.Api;

/// <summary>What endpoints have in common, and what is said of them in the service's description.</summary>
internal static class Endpoints
{
    /// <summary>Answers HEAD wherever there is GET; the server leaves out the body.</summary>
    public static TBuilder AnswersHead<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
            {
                endpoint.Metadata.Add(new HttpMethodMetadata(["GET", "HEAD"]));
            }
        });
        return builder;
    }

    /// <summary>Asks for a role, the least one unless an endpoint says more or is open, so that a new endpoint is never open by mistake.</summary>
    public static TBuilder AsksWho<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.RequireAuthorization(Roles.Read).Finally(endpoint =>
        {
            if (!endpoint.Metadata.OfType<IAllowAnonymous>().Any())
            {
                endpoint.Metadata.Add(Problem(401));
                endpoint.Metadata.Add(Problem(429));
            }
        });
        return builder;
    }

    /// <summary>Names an operation and says what it does.</summary>
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder builder, string name, string summary) =>
        builder.WithName(name).WithSummary(summary);

    /// <summary>Declares problems among the answers.</summary>
    public static TBuilder MayFail<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            builder.WithMetadata(Problem(status));
        }

        return builder;
    }

    private static ProducesResponseTypeMetadata Problem(int status) => new(status, typeof(ProblemView), ["application/problem+json"]);
}
