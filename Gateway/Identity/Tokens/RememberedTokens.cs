using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Identity.Keys;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>The way past the authentication handlers for requests whose token was verified before, which are nearly all: asking the handlers costs
/// several times as much as looking.</summary>
internal sealed class RememberedTokens(TokenMemory memory, Revocations revocations, SigningKeys keys, IOptions<TokenOptions> options, TimeProvider time)
{
    private RequestDelegate? _afterAuthentication;

    /// <summary>Middleware for directly before authentication.</summary>
    internal RequestDelegate Before(RequestDelegate authentication) => http =>
    {
        if (CallerOf(http.Request) is not { } caller)
            return authentication(http);
        http.User = caller.Principal;
        return _afterAuthentication!(http);
    };

    /// <summary>Middleware for directly after authentication.</summary>
    internal RequestDelegate After(RequestDelegate next) => _afterAuthentication = next;

    /// <summary>What this gateway verified before and nothing has ended since.</summary>
    private CallerIdentity? CallerOf(HttpRequest request)
    {
        if (request.Headers[HeaderNames.Authorization] is not [{ Length: <= BearerAuthentication.LongestToken } sent] || !sent.StartsWith(BearerAuthentication.Prefix, StringComparison.OrdinalIgnoreCase)
            || request.Headers.ContainsKey(ApiKeys.Header) || memory.Find(TokenHash.Of(sent.AsSpan(BearerAuthentication.Prefix.Length))) is not { } verified)
            return null;
        var now = time.GetUtcNow();
        return now < verified.Until + options.Value.Skew && keys.Current?.Find(verified.Kid, now) is not null && !revocations.Include(verified.Caller) ? verified.Caller : null;
    }
}
