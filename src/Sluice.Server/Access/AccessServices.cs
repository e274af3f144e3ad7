using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sluice.Server.Access;

/// <summary>Sets up access control.</summary>
internal static class AccessServices
{
    /// <summary>Adds it.</summary>
    public static void AddAccess(this IServiceCollection services, AccessSettings access)
    {
        services.AddSingleton(access);
        services.AddSingleton<FailedTries>();
        if (access.TokensFile is { } path)
        {
            services.AddSingleton(provider => new KnownTokens(path, TimeProvider.System, provider.GetRequiredService<ILogger<KnownTokens>>()));
        }

        // Not AddAuthentication: it brings the keys of cookies too, and makes a folder for them at home.
        services.AddWebEncoders();
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = BearerHandler.Name;
            options.AddScheme<BearerHandler>(BearerHandler.Name, displayName: null);
        });
        services.AddAuthorization(options =>
        {
            foreach (var (policy, least) in Roles.Policies)
            {
                options.AddPolicy(policy, builder => builder.RequireRole(Roles.From(least)));
            }
        });
    }
}
