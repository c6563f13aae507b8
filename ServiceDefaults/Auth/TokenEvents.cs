using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>What a service does around the verification of a token: remembers it, fetches keys that it does not know yet, and says why it refuses.</summary>
internal sealed class TokenEvents(TokenKeys keys, VerifiedTokens verified, IProblemDetailsService problems) : JwtBearerEvents
{
    /// <summary>Ours have about 500 characters.</summary>
    private const int LongestToken = 8 * 1024;

    private const string Prefix = "Bearer ";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        var sent = context.Request.Headers.Authorization;
        if (sent.Count == 0)
        {
            context.NoResult();
            return;
        }
        // Two headers arrive as two, or as one with a comma.
        if (sent is not [{ Length: <= LongestToken } header] || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || header.AsSpan(Prefix.Length).Trim().IndexOfAny(' ', ',') >= 0)
        {
            context.Fail(new RefusedTokenException("The Authorization header must be one, 'Bearer' and a token of at most 8 KB."));
            return;
        }
        context.Token = header[Prefix.Length..].Trim();
        if (verified.Find(context.Token) is { } caller)
        {
            context.Principal = caller;
            context.Success();
            return;
        }
        if (!keys.AreLoaded) context.Fail(new KeysMissingException());
        else if (KidOf(context.Token) is { } kid) await keys.KnowAsync(kid, context.HttpContext.RequestAborted); // the verification that follows finds it, or fails
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        var roles = context.Principal!.FindAll(ClientClaims.Role).Select(role => role.Value).ToList();
        if (context.Principal.FindFirstValue(ClientClaims.Subject) is not { Length: > 0 } subject || roles is not [ClientRoles.Admin or ClientRoles.User or ClientRoles.NoAccess])
        {
            context.Fail(new RefusedTokenException("The token does not name a caller and one known role."));
            return Task.CompletedTask;
        }
        var name = context.Principal.FindFirstValue(ClientClaims.Name) is { Length: > 0 } given ? given : subject;
        var identity = new ClaimsIdentity(
            [new(ClientClaims.Subject, subject), new(ClientClaims.Name, name), new(ClientClaims.Role, roles[0])], context.Scheme.Name, ClientClaims.Name, ClientClaims.Role);
        context.Principal = new ClaimsPrincipal(identity); // all that is remembered of a token
        verified.Remember(token.EncodedToken, context.Principal, token.Kid, token.ValidTo);
        return Task.CompletedTask;
    }

    public override async Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var http = context.HttpContext;
        if (context.AuthenticateFailure is KeysMissingException)
        {
            http.Response.Headers.RetryAfter = ((int)RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await WriteAsync(http, ProblemTypes.ServiceUnavailable, "This service has not got the keys of tokens yet; try again.");
            return;
        }
        http.Response.Headers.WWWAuthenticate = context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        await WriteAsync(http, ProblemTypes.Unauthenticated, Reason(context.AuthenticateFailure));
    }

    public override Task Forbidden(ForbiddenContext context) => WriteAsync(context.HttpContext, ProblemTypes.Forbidden,
        context.HttpContext.User.IsInRole(ClientRoles.NoAccess) ? "This account has no access; ask an administrator for a role." : "The role of this caller does not allow it; ask an administrator.");

    // Says which rule a token broke, never what is in it or in us.
    private static string Reason(Exception? failure) => failure switch
    {
        null => "Send a token of the gateway as 'Authorization: Bearer'.",
        RefusedTokenException refused => refused.Message,
        SecurityTokenExpiredException => "The token has expired; get a new one.",
        SecurityTokenNotYetValidException => "The token is not valid yet; compare the clocks.",
        SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "The token does not say how long it is valid.",
        SecurityTokenInvalidAudienceException => "The token is for another service.",
        SecurityTokenInvalidIssuerException => "The token is from another issuer.",
        SecurityTokenInvalidTypeException => "The token is of another kind.",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => "The token is not signed by a key of the gateway.",
        _ => "The token cannot be read.",
    };

    private static string? KidOf(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            return null; // no token at all: the verification says so
        }
    }

    private async Task WriteAsync(HttpContext http, ProblemType type, string detail)
    {
        http.Response.StatusCode = type.Status;
        await problems.TryWriteAsync(new() { HttpContext = http, ProblemDetails = Problem.Details(type, detail) });
    }

    private sealed class RefusedTokenException(string message) : Exception(message);

    private sealed class KeysMissingException : Exception;
}
