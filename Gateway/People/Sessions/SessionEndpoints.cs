using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Identity.Tokens;
using Shabou.Gateway.People.Users;
using Shabou.Gateway.RateLimiting;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.People.Sessions;

/// <summary>Tokens for codes, tokens for tokens, and the end of it.</summary>
internal static class SessionEndpoints
{
    private const string Bearer = "Bearer";
    private const string BadCode = "The code is unknown, was used before, has expired, or codeVerifier is not the one its sign-in began with. Sign in again.";
    private const string BadRefresh = "The refresh token is unknown, was used before, has expired, or its session has ended. Sign in again.";

    internal static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SessionLifeOptions>()
            .BindConfiguration(SessionLifeOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.RefreshFor <= o.LastFor, "Sessions:RefreshFor must not exceed Sessions:LastFor.")
            .ValidateOnStart();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<SessionCleaner>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SessionCleaner>());
    }

    internal static void MapSessions(this RouteGroupBuilder auth)
    {
        auth.MapPost("/token", ExchangeAsync).WithName("GetTokens").WithSummary("Tokens for a sign-in code, or for an API key").AllowAnonymous().AddEndpointFilter(NeedKeysAsync);
        auth.MapPost("/refresh", RefreshAsync).WithName("RefreshTokens").WithSummary("The next pair of tokens; each refresh token works once").AllowAnonymous().AddEndpointFilter(NeedKeysAsync)
            .RequireRateLimiting(RateLimits.Refresh);
        auth.MapPost("/sign-out", SignOutAsync).WithName("SignOut").WithSummary("End the session of this access token").RequireAuthorization().RequireRateLimiting(RateLimits.PerClient);
    }

    /// <summary>Asked first: what works once must not be used up for a token that cannot be signed.</summary>
    private static async ValueTask<object?> NeedKeysAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        invocation.HttpContext.RequestServices.GetRequiredService<SigningKeys>().Current is null
            ? Problem.Of(ProblemTypes.DatabaseUnavailable, new KeysUnavailableException().Message)
            : await next(invocation);

    private static async Task<Results<Ok<TokenAnswer>, ChallengeHttpResult, ProblemHttpResult>> ExchangeAsync(
        TokenRequest request, ClaimsPrincipal caller, SessionStore sessions, AccessTokens tokens, CancellationToken cancellationToken)
    {
        switch (request.GrantType)
        {
            case "code":
                return OneTimeSecret.IsWellFormed(request.Code) && await sessions.BeginAsync(request.Code!, request.CodeVerifier, cancellationToken) is { } begun
                    ? TypedResults.Ok(AnswerFor(begun, tokens))
                    : Problem.Of(ProblemTypes.Unauthenticated, BadCode);
            case "api-key" when caller.Identity is CallerIdentity { AuthenticationType: ApiKeys.Scheme } key:
                // The key is the token's session: revoking the one ends the other.
                var (token, expiresIn) = tokens.Issue(key.Id, key.Name!, key.Role, session: key.Id, key.Scopes, key.Until);
                return TypedResults.Ok(new TokenAnswer(token, Bearer, expiresIn, RefreshToken: null, RefreshExpiresIn: null));
            case "api-key":
                return TypedResults.Challenge(authenticationSchemes: [ApiKeys.Scheme]);
            default:
                return Problem.Invalid("grantType", "must be code or api-key.");
        }
    }

    private static async Task<Results<Ok<TokenAnswer>, ProblemHttpResult>> RefreshAsync(
        RefreshRequest request, SessionStore sessions, AccessTokens tokens, CancellationToken cancellationToken) =>
        OneTimeSecret.IsWellFormed(request.RefreshToken) && await sessions.RefreshAsync(request.RefreshToken!, cancellationToken) is { } next
            ? TypedResults.Ok(AnswerFor(next, tokens))
            : Problem.Of(ProblemTypes.Unauthenticated, BadRefresh);

    /// <summary>Ends the session that the access token belongs to; its tokens stop working on every gateway within 5 s.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SignOutAsync(ClaimsPrincipal caller, SessionStore sessions, Revocations revocations, CancellationToken cancellationToken)
    {
        if (CallerIdentity.Of(caller) is not { IsPerson: true, Session: { } session })
            return Problem.Of(ProblemTypes.Forbidden, "An API key has no session to sign out of; an administrator can revoke the key.");
        await sessions.EndAsync(session, cancellationToken);
        revocations.Add(session);
        return TypedResults.NoContent();
    }

    private static TokenAnswer AnswerFor(LiveSession session, AccessTokens tokens)
    {
        var (token, expiresIn) = tokens.Issue(session.UserId, session.Name, UserRoles.NameOf(session.Role), session.SessionId);
        return new TokenAnswer(token, Bearer, expiresIn, session.RefreshToken, (int)Math.Round(session.RefreshFor.TotalSeconds));
    }
}
