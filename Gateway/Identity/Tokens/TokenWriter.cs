using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shabou.Gateway.Identity.Keys;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>Writes signed tokens (JWT, ES256) by the key whose turn it is.</summary>
internal sealed class TokenWriter(SigningKeys keys, IOptions<TokenOptions> options, TimeProvider time)
{
    internal const string Type = "at+jwt"; // RFC 9068

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="audiences">Who may believe it.</param>
    /// <param name="life">How long it lives, unless <paramref name="until"/> comes first.</param>
    /// <exception cref="KeysUnavailableException">The key ring was not read yet.</exception>
    internal WrittenToken Write(
        Guid subject, string name, string role, IReadOnlyList<string> scopes, Guid? session, IReadOnlyList<string> audiences, TimeSpan life, DateTimeOffset? until = null)
    {
        var now = time.GetUtcNow();
        var key = keys.Current?.Signing(now) ?? throw new KeysUnavailableException();
        var expires = until < now + life ? until.Value : now + life;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [ClientClaims.Subject] = subject.ToString(),
            [ClientClaims.Name] = name,
            [ClientClaims.Role] = role,
            [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture),
        };
        if (session is { } id)
            claims[JwtRegisteredClaimNames.Sid] = id.ToString();
        if (scopes.Count > 0)
            claims[CallerIdentity.ScopeClaim] = string.Join(' ', scopes);
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = options.Value.Issuer, TokenType = Type, SigningCredentials = key.Credentials, Claims = claims,
            IssuedAt = now.UtcDateTime, NotBefore = now.UtcDateTime, Expires = expires.UtcDateTime,
        };
        foreach (var audience in audiences)
            descriptor.Audiences.Add(audience);
        return new WrittenToken(_handler.CreateToken(descriptor), key.Kid, now, expires);
    }
}

/// <param name="Kid">The key that signed it.</param>
internal sealed record WrittenToken(string Token, string Kid, DateTimeOffset WrittenAt, DateTimeOffset ExpiresAt);

/// <summary>Nothing can be signed or verified yet: not the caller's fault, so 503.</summary>
internal sealed class KeysUnavailableException() : Exception("The signing keys could not be read from the database yet. Try again in a few seconds.");
