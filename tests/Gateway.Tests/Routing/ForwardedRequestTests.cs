using System.Text;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.Routing;

public sealed class ForwardedRequestTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task A_service_hears_from_the_gateway_who_calls_and_nothing_that_the_client_says_about_it()
    {
        var key = await fixture.Postgres.IssueAsync(ApiKeyRole.User, "متجر صفاقس");
        var seen = await SendAsync(key, request =>
        {
            request.Headers.Add("X-Service-Key", "stolen");
            request.Headers.Add("X-Client-Id", "somebody-else");
            request.Headers.Add("X-Client-Role", "ADMIN");
            request.Headers.Add("x-client-anything", "1");
            request.Headers.Add("X-Forwarded-For", "198.51.100.9");
            request.Headers.Add("X-Forwarded-Prefix", "/admin");
            request.Headers.Add("X-Forwarded-Anything", "1");
            request.Headers.Add("Forwarded", "for=198.51.100.9");
            request.Headers.Add("Cookie", "a=b");
            request.Headers.Add("Accept-Language", "ar");
        });

        var token = await PublishedKeys.VerifyAsync(_gateway, seen.Headers["Authorization"], "catalog");
        Assert.Equal(key.Id.ToString(), token.Subject);
        Assert.Equal("متجر صفاقس", token.GetPayloadValue<string>("name"));
        Assert.Equal("USER", token.GetPayloadValue<string>("role"));
        Assert.Equal("127.0.0.1", seen.Headers["X-Forwarded-For"]);
        Assert.Equal("https", seen.Headers["X-Forwarded-Proto"]);
        Assert.Equal("ar", seen.Headers["Accept-Language"]);
        string[] never = ["x-client-anything", "X-Forwarded-Prefix", "X-Forwarded-Anything", "Forwarded", "Cookie", "X-Api-Key", "X-Service-Key", "X-Client-Id", "X-Client-Role"];
        Assert.All(never, name => Assert.DoesNotContain(name, seen.Headers.Keys, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_valid_request_id_travels_and_an_invalid_one_is_replaced()
    {
        var key = await fixture.Postgres.IssueAsync();
        var kept = await SendAsync(key, request => request.Headers.Add("X-Request-ID", "order-42.a_b"));
        Assert.Equal("order-42.a_b", kept.Headers["X-Request-ID"]);
        var replaced = await SendAsync(key, request => request.Headers.Add("X-Request-ID", "no spaces, please"));
        Assert.Matches("^[A-Za-z0-9._-]{1,64}$", replaced.Headers["X-Request-ID"]);
    }

    [Theory]
    [InlineData("GET", "/api/v1/products")]
    [InlineData("GET", "/api/v1/products/7/history")]
    [InlineData("GET", "/api/v1/brands")]
    [InlineData("GET", "/api/v1/categories")]
    [InlineData("POST", "/api/v1/demand")]
    [InlineData("POST", "/api/v1/training-runs")]
    [InlineData("GET", "/api/v1/training-runs/7")]
    [InlineData("GET", "/api/v1/forecasts/A-1")]
    [InlineData("GET", "/api/v1/models")]
    [InlineData("GET", "/api/v1/accuracy")]
    [InlineData("POST", "/api/v1/campaigns")]
    [InlineData("POST", "/api/v1/campaigns/7/runs")]
    [InlineData("GET", "/api/v1/leads")]
    [InlineData("GET", "/api/v1/budget")]
    [InlineData("GET", "/api/v1/jobs/7")]
    public async Task Every_route_of_the_contract_is_forwarded_unchanged(string method, string path)
    {
        var seen = await SendAsync(await fixture.Postgres.IssueAsync(), request =>
        {
            request.Method = new HttpMethod(method);
            if (method == "POST")
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }, path);
        Assert.Equal((method, path), (seen.Method, seen.Path));
    }

    /// <summary>Sends one request through the gateway; what the service saw of it is found by a header of its own.</summary>
    private async Task<Upstream.Seen> SendAsync(IssuedKey key, Action<HttpRequestMessage> shape, string path = "/api/v1/products")
    {
        var mark = Guid.NewGuid().ToString();
        using var client = _gateway.Client(key);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { { "X-Mark", mark } } };
        shape(request);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return fixture.Service.Requests.Single(seen => seen.Headers.GetValueOrDefault("X-Mark") == mark);
    }
}
