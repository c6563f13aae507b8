using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shabou.Testing;

/// <summary>Signs tokens as the gateway does, with a key of its own, and publishes that key.</summary>
public sealed class TokenSigner : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SigningCredentials _credentials;

    public TokenSigner(string? kid = null)
    {
        Kid = kid ?? $"test-{Guid.NewGuid():N}";
        _credentials = new(new ECDsaSecurityKey(_key) { KeyId = Kid }, SecurityAlgorithms.EcdsaSha256);
    }

    public string Kid { get; }

    /// <summary>The public key as one of a set.</summary>
    public object PublicKey
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return new { kty = "EC", crv = "P-256", alg = "ES256", use = "sig", kid = Kid, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
        }
    }

    /// <summary>A key set of these signers' keys, as <c>/.well-known/jwks.json</c> answers it.</summary>
    public static string KeySetOf(params TokenSigner[] signers) => JsonSerializer.Serialize(new { keys = signers.Select(signer => signer.PublicKey) });

    /// <summary>A token for these services. Valid for decades, as some tests move the clock; claims that are null are left out.</summary>
    public string Token(
        string? role = "ADMIN", string[]? audiences = null, string? subject = "test-client", string? name = "tests",
        string? issuer = "shabou", string? type = "at+jwt", DateTimeOffset? notBefore = null, DateTimeOffset? expires = null)
    {
        var claims = new Dictionary<string, object> { ["jti"] = Guid.NewGuid().ToString() };
        foreach (var (claim, value) in new[] { ("sub", subject), ("name", name), ("role", role) })
            if (value is not null) claims[claim] = value;
        var token = new SecurityTokenDescriptor
        {
            Issuer = issuer, TokenType = type, Claims = claims, SigningCredentials = _credentials,
            NotBefore = (notBefore ?? new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcDateTime,
            IssuedAt = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Expires = (expires ?? new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcDateTime,
        };
        foreach (var audience in audiences ?? TestTokens.Services) token.Audiences.Add(audience);
        return new JsonWebTokenHandler().CreateToken(token);
    }

    public void Dispose() => _key.Dispose();
}
