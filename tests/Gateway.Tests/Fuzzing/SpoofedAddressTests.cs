using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Fuzzing;

/// <summary>What a client says about where it comes from is not believed: the gateway is the first to meet it.</summary>
public sealed class SpoofedAddressTests(GatewayFixture fixture)
{
    private static readonly string[] s_headers =
        ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Original-For", "X-Cluster-Client-IP", "Client-IP", "Via"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claimed_address_raises_no_quota()
    {
        await using var redis = new RedisServer(); // all tests are of one network
        await redis.InitializeAsync();
        using var gateway = fixture.Gateway(("RateLimits:Policies:default:Requests", "3"), ("RateLimits:Policies:default:Window", "01:00:00"), ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port}"));
        using var client = gateway.Client();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products");
            foreach (var header in s_headers) request.Headers.TryAddWithoutValidation(header, header == "Forwarded" ? $"for=198.51.{i}.7" : $"198.51.{i}.7");
            using var response = await client.SendAsync(request, Cancelled);
            statuses.Add(response.StatusCode);
        }
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 3), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 3)], statuses);
    }

    [Fact]
    public async Task A_claim_that_plain_http_was_https_is_not_believed()
    {
        using var gateway = fixture.Gateway();
        using var client = gateway.Client(await fixture.Postgres.IssueAsync(), gateway.Http);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products") { Version = HttpVersion.Version11, Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Scheme", "https" }, { "Front-End-Https", "on" }, { "Forwarded", "proto=https" } } };
        using var response = await client.SendAsync(request, Cancelled);
        await response.ProblemAsync(HttpStatusCode.Forbidden, "https-required");
    }

    [Fact]
    public async Task A_claimed_host_or_path_leads_nowhere_else()
    {
        using var gateway = fixture.Gateway();
        using var plain = gateway.Client(address: gateway.Http);
        using var redirected = new HttpRequestMessage(HttpMethod.Get, "/health") { Version = HttpVersion.Version11, Headers = { { "X-Forwarded-Host", "evil.example" }, { "X-Host", "evil.example" }, { "Forwarded", "host=evil.example" } } };
        using var redirect = await plain.SendAsync(redirected, Cancelled);
        Assert.Equal("127.0.0.1", redirect.Headers.Location!.Host);

        using var client = gateway.Client();
        using var rewritten = new HttpRequestMessage(HttpMethod.Get, "/alive") { Headers = { { "X-Original-URL", "/api/v1/me" }, { "X-Rewrite-URL", "/api/v1/me" }, { "X-Forwarded-Prefix", "/api/v1" }, { "X-HTTP-Method-Override", "DELETE" } } };
        using var response = await client.SendAsync(rewritten, Cancelled);
        Assert.Equal("Healthy", await response.Content.ReadAsStringAsync(Cancelled));
    }
}
