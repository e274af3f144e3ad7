using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sluice.Server.Api;

namespace Sluice.Server.Access;

/// <summary>Who asks: the bearer of a token, or somebody without one. Refusals are problems.</summary>
/// <remarks>The framework's own words for each refused request are left out: whoever asks often would fill the log.</remarks>
internal sealed partial class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, UrlEncoder encoder, AccessSettings access, FailedTries tries, ILogger<BearerHandler> logger, KnownTokens? tokens = null)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string Name = "Bearer";

    private const string Refused = "The request is not allowed";

    private bool _isWrong;
    private TimeSpan? _wait;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return WriteAsync(429, "too-many-tries", "Too many wrong tokens came from this address; wait, or send a right one.");
        }

        Response.Headers.WWWAuthenticate = Name;
        return _isWrong
            ? WriteAsync(401, "wrong-token", "The service does not know this token; look at what Authorization: Bearer says, or SLUICE_TOKEN for the command line.")
            : WriteAsync(401, "no-token", "This needs a token: send Authorization: Bearer TOKEN, or set SLUICE_TOKEN for the command line.");
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        // Somebody without a token may do more with one.
        if (Context.User.Identity?.IsAuthenticated != true)
        {
            return HandleChallengeAsync(properties);
        }

        var least = Context.GetEndpoint()!.Metadata.GetOrderedMetadata<IAuthorizeData>().Max(it => Roles.Policies[it.Policy!]);
        return WriteAsync(
            403,
            "role-too-low",
            $"The token '{Context.User.Identity.Name}' has the role {Context.User.FindFirstValue(ClaimTypes.Role)}; this needs one with the role {string.Join(" or ", Roles.From(least))}.");
    }

    // Without a file there is nothing that a token could be compared with: one that is meant for another service does no harm.
    private AuthenticateResult Authenticate()
    {
        var header = Request.Headers.Authorization.ToString();
        if (tokens is null || header.Length == 0)
        {
            return access.Anonymous is { } role ? Succeed(new ClaimsIdentity([RoleOf(role)])) : AuthenticateResult.NoResult();
        }

        if (header.StartsWith(Name + " ", StringComparison.OrdinalIgnoreCase) && tokens.Find(header[Name.Length..].Trim()) is { } token)
        {
            return Succeed(new ClaimsIdentity([new Claim(ClaimTypes.Name, token.Name), RoleOf(token.Role)], Name));
        }

        _isWrong = true;
        _wait = tries.Count(Context.Connection.RemoteIpAddress);
        if (_wait is null)
        {
            LogWrongToken(Context.Connection.RemoteIpAddress);
        }

        return AuthenticateResult.Fail("The token is wrong.");
    }

    private AuthenticateResult Succeed(ClaimsIdentity identity) => AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));

    private static Claim RoleOf(Role role) => new(ClaimTypes.Role, Roles.Name(role));

    private Task WriteAsync(int status, string code, string detail) =>
        Problems.WriteAsync(Context, Problems.Of(status, code, Refused, detail), Context.RequestAborted);

    [LoggerMessage(LogLevel.Warning, "A wrong token came from {Address}")]
    private partial void LogWrongToken(System.Net.IPAddress? address);
}
