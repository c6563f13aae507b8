using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.Identity.Tokens;

/// <summary>What services are told about the caller.</summary>
public sealed class ServiceTokenTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway(("RateLimits:Default:Requests", "10000"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/api/v1/products", new[] { "catalog", "forecast" })]
    [InlineData("/api/v1/forecasts/A-1", new[] { "forecast" })]
    [InlineData("/api/v1/leads", new[] { "prospector" })]
    public async Task Each_service_gets_a_token_of_its_own(string path, string[] audiences)
    {
        var key = await fixture.Postgres.IssueAsync(ApiKeyRole.Admin);
        var token = await PublishedKeys.VerifyAsync(_gateway, await AuthorizationSeenAsync(key, path), audiences[0]);
        Assert.Equal(audiences, token.Audiences);
        Assert.Equal(("at+jwt", "ES256", "ADMIN"), (token.Typ, token.Alg, token.GetPayloadValue<string>("role")));
        Assert.NotEmpty(token.Id);
        Assert.Equal(token.IssuedAt + TimeSpan.FromMinutes(5), token.ValidTo);
    }

    [Fact]
    public async Task A_token_is_written_once_and_sent_again_and_two_callers_never_share_one()
    {
        var (one, other) = (await fixture.Postgres.IssueAsync(), await fixture.Postgres.IssueAsync());
        var first = await AuthorizationSeenAsync(one);
        Assert.Equal(first, await AuthorizationSeenAsync(one));
        var second = new JsonWebToken((await AuthorizationSeenAsync(other))["Bearer ".Length..]);
        Assert.Equal(other.Id.ToString(), second.Subject);
    }

    [Fact]
    public async Task A_token_does_not_outlive_the_key_of_its_caller()
    {
        var expiry = DateTimeOffset.UtcNow.AddSeconds(100);
        var key = await fixture.Postgres.IssueAsync(expiresAt: expiry);
        var token = new JsonWebToken((await AuthorizationSeenAsync(key))["Bearer ".Length..]);
        Assert.InRange(token.ValidTo, expiry.UtcDateTime.AddSeconds(-2), expiry.UtcDateTime);
    }

    [Fact]
    public async Task The_key_set_has_public_parts_only_and_may_be_kept_for_a_minute()
    {
        using var client = _gateway.Client();
        using var response = await client.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=60", response.Header("Cache-Control"));
        using var set = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        Assert.All(set.RootElement.GetProperty("keys").EnumerateArray(), key =>
        {
            Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
            Assert.Equal(("ES256", "sig", "P-256"), (key.GetProperty("alg").GetString(), key.GetProperty("use").GetString(), key.GetProperty("crv").GetString()));
        });
        var published = JsonWebKeySetOf(set);
        Assert.All(published.Keys, key => Assert.Equal(key.Kid, Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(key.ComputeJwkThumbprint())));
    }

    private static Microsoft.IdentityModel.Tokens.JsonWebKeySet JsonWebKeySetOf(JsonDocument set) => new(set.RootElement.GetRawText());

    private async Task<string> AuthorizationSeenAsync(IssuedKey key, string path = "/api/v1/products")
    {
        var mark = Guid.NewGuid().ToString();
        using var client = _gateway.Client(key);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { { "X-Mark", mark } } };
        using var response = await client.SendAsync(request, Cancelled);
        response.EnsureSuccessStatusCode();
        return fixture.Service.Requests.Single(seen => seen.Headers.GetValueOrDefault("X-Mark") == mark).Headers["Authorization"];
    }
}
