using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Gateway.Identity;
using Shabou.Gateway.Identity.Tokens;
using Shabou.Gateway.People.Users;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.People.Sessions;

/// <summary>Tokens for codes, tokens for tokens, and the end of it.</summary>
internal static class SessionEndpoints
{
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
        auth.MapPost("/token", ExchangeAsync).WithName("GetTokens").AllowAnonymous();
        auth.MapPost("/refresh", RefreshAsync).WithName("RefreshTokens").AllowAnonymous();
        auth.MapPost("/sign-out", SignOutAsync).WithName("SignOut").RequireAuthorization();
    }

    /// <returns>The session that the caller's access token names; null for an API key.</returns>
    internal static Guid? SessionOf(ClaimsPrincipal caller) => (caller.Identity as CallerIdentity)?.Session;

    private static async Task<Results<Ok<TokenAnswer>, ProblemHttpResult>> ExchangeAsync(
        TokenRequest request, SessionStore sessions, AccessTokens tokens, CancellationToken cancellationToken)
    {
        if (request.GrantType != "code")
            return Problem.Invalid("grantType", "must be code or api-key.");
        return OneTimeSecret.IsWellFormed(request.Code) && await sessions.BeginAsync(request.Code!, request.CodeVerifier, cancellationToken) is { } begun
            ? TypedResults.Ok(AnswerFor(begun, tokens))
            : Problem.Of(ProblemTypes.Unauthenticated, BadCode);
    }

    private static async Task<Results<Ok<TokenAnswer>, ProblemHttpResult>> RefreshAsync(
        RefreshRequest request, SessionStore sessions, AccessTokens tokens, CancellationToken cancellationToken) =>
        OneTimeSecret.IsWellFormed(request.RefreshToken) && await sessions.RefreshAsync(request.RefreshToken!, cancellationToken) is { } next
            ? TypedResults.Ok(AnswerFor(next, tokens))
            : Problem.Of(ProblemTypes.Unauthenticated, BadRefresh);

    /// <summary>Ends the session that the access token belongs to; its tokens stop working on every gateway within 5 s.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> SignOutAsync(ClaimsPrincipal caller, SessionStore sessions, CancellationToken cancellationToken)
    {
        if (SessionOf(caller) is not { } session)
            return Problem.Of(ProblemTypes.Forbidden, "An API key has no session to sign out of; an administrator can revoke the key.");
        await sessions.EndAsync(session, cancellationToken);
        return TypedResults.NoContent();
    }

    private static TokenAnswer AnswerFor(LiveSession session, AccessTokens tokens)
    {
        var (token, expiresIn) = tokens.Issue(session.UserId, session.Name, UserRoles.NameOf(session.Role), session.SessionId);
        return new TokenAnswer(token, "Bearer", expiresIn, session.RefreshToken, (int)session.RefreshFor.TotalSeconds);
    }
}
