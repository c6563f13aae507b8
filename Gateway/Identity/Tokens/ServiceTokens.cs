using System.Security.Claims;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity.Keys;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>Tokens by which services are told who calls. Each is written once and sent until most of its life is over.</summary>
internal sealed class ServiceTokens(TokenWriter writer, SigningKeys keys, IOptions<TokenOptions> options, TimeProvider time)
{
    private const double UsedFor = 0.8; // of its life, so that a long request, and a service asked on its behalf, still find it valid

    /// <summary>Whom a service may ask on behalf of its caller.</summary>
    private static readonly Dictionary<string, string[]> Audiences = new(StringComparer.Ordinal) { ["catalog"] = ["catalog", "forecast"] };

    /// <returns>The value of <c>Authorization</c>.</returns>
    /// <exception cref="KeysUnavailableException">The key ring was not read yet.</exception>
    internal string HeaderFor(ClaimsPrincipal user, string service)
    {
        var caller = CallerIdentity.Of(user);
        var now = time.GetUtcNow();
        if (caller.Told.TryGetValue(service, out var told) && now < told.RenewAt && keys.Current?.Find(told.Kid, now) is not null)
            return told.Header;
        var written = writer.Write(caller.Id, caller.Name ?? "", caller.Role, caller.Scopes, session: null, Audiences.GetValueOrDefault(service) ?? [service], options.Value.ForwardFor, caller.Until);
        var fresh = new ServiceToken($"Bearer {written.Token}", written.Kid, now + ((written.ExpiresAt - now) * UsedFor));
        caller.Told[service] = fresh;
        return fresh.Header;
    }
}

/// <param name="Header">With the scheme.</param>
internal sealed record ServiceToken(string Header, string Kid, DateTimeOffset RenewAt);
