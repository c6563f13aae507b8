using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.RateLimiting;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.RateLimiting;

public sealed class LoginLimitTests(GatewayFixture fixture, RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_signs_people_in_is_limited_by_network_whatever_it_is_called_with()
    {
        using var gateway = Gateway();
        using var stranger = gateway.Client();
        using var guesser = gateway.Client(new IssuedKey(Guid.Empty, IssuedKey.NewSecret()));
        for (var i = 0; i < 10; i++)
        {
            using var passed = await (i % 2 == 0 ? stranger : guesser).PostAsync(new Uri($"/api/v1/auth/{i}", UriKind.Relative), null, Cancelled);
            Assert.Equal(HttpStatusCode.Unauthorized, passed.StatusCode);
            Assert.Equal("\"login\";q=10;w=3600", passed.Header("RateLimit-Policy"));
        }
        using var refused = await stranger.PostAsync(new Uri("/API/v1/Auth/token", UriKind.Relative), null, Cancelled);
        Assert.Contains("\"login\" is 10 requests in 3600 s for each network", await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate-limited"), StringComparison.Ordinal);
    }

    [Theory] // an office of twenty behind one address refreshes eighty times an hour
    [InlineData("POST", "/api/v1/auth/refresh", """{"refreshToken":"none"}""", "\"refresh\";q=60;w=60")]
    [InlineData("POST", "/api/v1/auth/sign-out", null, "\"default\";q=100;w=60")]
    [InlineData("GET", "/api/v1/auth/google", null, "\"default\";q=100;w=60")]
    [InlineData("GET", "/api/v1/auth/google/callback", null, "\"login\";q=10;w=3600")]
    [InlineData("POST", "/api/v1/auth/token", """{"grantType":"api-key"}""", "\"login\";q=10;w=3600")]
    [InlineData("POST", "/api/v1/auth/token", """{"grantType":""", "\"login\";q=10;w=3600")] // refused by an exception
    public async Task Only_what_signs_somebody_in_counts_as_signing_in(string method, string path, string? body, string policy)
    {
        using var gateway = Gateway();
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(policy, response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task An_account_that_is_known_is_limited_beside_its_network()
    {
        using var gateway = Gateway(("RateLimits:Policies:login:Requests", "100"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 6; i++)
        {
            using var response = await client.GetAsync(new Uri("/api/v1/auth/anything", UriKind.Relative), Cancelled);
            Assert.Equal("\"login\";q=100;w=3600, \"login-account\";q=5;w=3600", response.Header("RateLimit-Policy"));
            if (i < 5)
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            else
                Assert.Contains("\"login-account\" is 5 requests in 3600 s for each account", await response.ProblemAsync(HttpStatusCode.TooManyRequests, "rate-limited"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_endpoint_that_learns_the_account_later_asks_for_it()
    {
        using var gateway = Gateway();
        gateway.StartServer();
        var accounts = gateway.Services.GetRequiredService<AccountLimits>();
        for (var i = 0; i < 5; i++)
            Assert.True(await accounts.AllowsAsync(Request(gateway), "amel"));
        var refused = Request(gateway);
        Assert.False(await accounts.AllowsAsync(refused, "amel"));
        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.Response.StatusCode);
        Assert.Equal("720", refused.Response.Headers.RetryAfter); // one of five an hour
        refused.Response.Body.Position = 0;
        Assert.Equal("/problems/rate-limited", (await JsonDocument.ParseAsync(refused.Response.Body, cancellationToken: Cancelled)).RootElement.GetProperty("type").GetString());
        Assert.True(await accounts.AllowsAsync(Request(gateway), "karim"));
    }

    private static DefaultHttpContext Request(GatewayHost gateway) => new() { RequestServices = gateway.Services, Response = { Body = new MemoryStream() } };

    private GatewayHost Gateway(params (string Key, string? Value)[] settings) => fixture.Gateway(
    [
        ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port},defaultDatabase={Interlocked.Increment(ref _database)}"),
        ("RateLimits:Policies:login:Requests", "10"), ("RateLimits:Policies:login:Window", "01:00:00"), .. settings,
    ]);

    private static int _database;
}
