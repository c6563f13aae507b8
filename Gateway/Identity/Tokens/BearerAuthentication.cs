using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Identity.Keys;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>Knows the caller by <c>Authorization: Bearer</c>. A token is verified once and then remembered until it expires, its session is
/// revoked, or the key that signed it leaves the ring.</summary>
internal sealed class BearerAuthentication(
    SigningKeys keys, TokenMemory memory, Revocations revocations, IOptions<TokenOptions> options, TimeProvider time, IProblemDetailsService problems) : JwtBearerEvents
{
    internal const int LongestToken = 8_192;
    internal const string Prefix = "Bearer ";

    /// <summary>With which the base64url of 64 bytes can end. The decoder takes fifteen others for each and ignores the difference, so that a
    /// changed token would still be believed.</summary>
    private const string LastDigits = "AQgw";

    private const string Revoked = "The token's session was revoked; sign in again.";

    public override Task MessageReceived(MessageReceivedContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var headers = context.Request.Headers;
        var sent = headers[HeaderNames.Authorization];
        if (sent.Count != 1)
            context.Fail("Authorization was sent more than once; send one.");
        else if (headers.ContainsKey(ApiKeys.Header))
            context.Fail($"Both Authorization and {ApiKeys.Header} were sent; send one of them.");
        else if (!sent.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || sent.ToString().Length == Prefix.Length)
            context.Fail("Authorization must be: Bearer <token>.");
        else if (sent.ToString().Length > LongestToken)
            context.Fail("The token has more than 8,192 characters; none of ours has.");
        else
            Look(context, sent.ToString()[Prefix.Length..]);
        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.SecurityToken is not JsonWebToken token || CallerOf(token, context.Scheme.Name) is not { } caller)
        {
            context.Fail("The token lacks one of sub, sid, name and role.");
            return Task.CompletedTask;
        }
        if (revocations.Include(caller))
        {
            context.Fail(Revoked);
            return Task.CompletedTask;
        }
        var now = time.GetUtcNow();
        memory.Remember(TokenHash.Of(token.EncodedToken), new VerifiedToken(caller, token.Kid, caller.Until!.Value), caller.Until.Value + options.Value.Skew - now);
        context.Principal = caller.Principal;
        return Task.CompletedTask;
    }

    public override Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Fail(TokenFailures.SentenceFor(context.Exception));
        return Task.CompletedTask;
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.HandleResponse();
        if (context.AuthenticateFailure is KeysUnavailableException unavailable)
            return problems.RefuseAsync(context.HttpContext, ProblemTypes.DatabaseUnavailable, unavailable.Message, retryAfter: 5).AsTask();
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"shabou\", error=\"invalid_token\"";
        return problems.RefuseAsync(context.HttpContext, ProblemTypes.Unauthenticated, context.AuthenticateFailure?.Message ?? TokenFailures.NotReadable).AsTask();
    }

    public override Task Forbidden(ForbiddenContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return problems.RefuseAsync(context.HttpContext, ProblemTypes.Forbidden,
            $"{context.HttpContext.User.Identity?.Name} has role {context.HttpContext.User.FindFirst(ClientClaims.Role)?.Value}, which may not do this; ask an administrator.").AsTask();
    }

    /// <remarks>What is remembered and still good does not come here, see <see cref="RememberedTokens"/>.</remarks>
    private void Look(MessageReceivedContext context, string token)
    {
        if (memory.Find(TokenHash.Of(token)) is { } verified && revocations.Include(verified.Caller))
            context.Fail(Revoked);
        else if (keys.Current is null)
            context.Fail(new KeysUnavailableException());
        else if (!LastDigits.Contains(token[^1]))
            context.Fail(TokenFailures.WrongSignature);
        else
            context.Token = token;
    }

    private static CallerIdentity? CallerOf(JsonWebToken token, string scheme) =>
        Guid.TryParse(token.Subject, out var id) && token.TryGetPayloadValue(JwtRegisteredClaimNames.Sid, out string? sid) && Guid.TryParse(sid, out var session)
        && token.TryGetPayloadValue(ClientClaims.Name, out string? name) && token.TryGetPayloadValue(ClientClaims.Role, out string? role)
            ? new CallerIdentity(scheme, id, name!, role!, session,
                token.TryGetPayloadValue(CallerIdentity.ScopeClaim, out string? scope) ? scope!.Split(' ') : [], new DateTimeOffset(token.ValidTo, TimeSpan.Zero))
            : null;
}
