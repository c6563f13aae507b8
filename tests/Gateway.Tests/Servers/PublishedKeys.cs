using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>Verifies tokens as a service does: by what the gateway publishes, and nothing else.</summary>
internal static class PublishedKeys
{
    private static readonly Uri Address = new("/.well-known/jwks.json", UriKind.Relative);

    internal static async Task<JsonWebKeySet> ReadAsync(GatewayHost gateway)
    {
        using var client = gateway.Client();
        return JsonWebKeySet.Create(await client.GetStringAsync(Address, TestContext.Current.CancellationToken));
    }

    /// <param name="header">The value of Authorization.</param>
    internal static async Task<JsonWebToken> VerifyAsync(GatewayHost gateway, string header, string audience)
    {
        Assert.StartsWith("Bearer ", header, StringComparison.Ordinal);
        var result = await ResultAsync(await ReadAsync(gateway), header["Bearer ".Length..], audience);
        Assert.True(result.IsValid, result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }

    internal static Task<TokenValidationResult> ResultAsync(JsonWebKeySet keys, string token, string audience) =>
        new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "shabou", ValidAudience = audience, ValidAlgorithms = ["ES256"], IssuerSigningKeys = keys.GetSigningKeys(), ValidTypes = ["at+jwt"],
            ClockSkew = TimeSpan.FromSeconds(30), TryAllIssuerSigningKeys = false,
        });
}
