using System.Globalization;
using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>A caller without a key counts as its network, and only the connection says which that is. Each test has a Redis of its own,
/// since every other test comes from the same network.</summary>
public sealed class SpoofedAddressTests(GatewayFixture fixture, RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private static readonly string[] Names =
        ["X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP", "X-Cluster-Client-IP", "Client-IP", "X-Original-For", "Via"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Ten_thousand_spoofed_addresses_do_not_raise_a_quota() => SpoofAsync(requests: 250, valuesEach: 40, trusted: null);

    [Fact, Trait("Category", "Faults")]
    public Task Ten_thousand_requests_from_spoofed_addresses_do_not_raise_a_quota() => SpoofAsync(requests: 10_000, valuesEach: 1, trusted: null);

    [Fact]
    public Task A_trusted_proxy_elsewhere_changes_nothing_for_others() => SpoofAsync(requests: 100, valuesEach: 10, trusted: "203.0.113.0/24");

    [Fact]
    public async Task Of_a_trusted_proxy_the_rightmost_address_that_is_not_trusted_counts()
    {
        using var gateway = Gateway(3, ("Transport:TrustedProxies:0", "127.0.0.1"), ("Transport:TrustedProxies:1", "10.9.0.0/16"));
        using var client = gateway.Client();
        string[] sent = ["1.1.1.1, 198.51.100.7", "2.2.2.2, 198.51.100.8, 10.9.8.7", "198.51.100.9", "3.3.3.3, 198.51.100.10", "not-an-address, 198.51.100.11"];
        var statuses = new List<HttpStatusCode>();
        foreach (var value in sent)
            statuses.Add(await AskAsync(client, ("X-Forwarded-For", value)));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, ("X-Forwarded-For", "198.51.101.7"))); // another network
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(client, ("X-Real-IP", "192.0.2.1"), ("X-Forwarded-For", "198.51.100.12")));
    }

    private async Task SpoofAsync(int requests, int valuesEach, string? trusted)
    {
        const int Quota = 30;
        using var gateway = trusted is null ? Gateway(Quota) : Gateway(Quota, ("Transport:TrustedProxies:0", trusted));
        using var client = gateway.Client();
        var number = 0;
        var passed = 0;
        for (var i = 0; i < requests; i++)
        {
            var headers = Enumerable.Range(0, valuesEach).GroupBy(value => Names[(i + value) % Names.Length], _ => Address(number++))
                .Select(values => (values.Key, values.Key == "Forwarded" ? string.Join(", ", values.Select(value => $"for={value}")) : string.Join(", ", values)));
            passed += await AskAsync(client, [.. headers]) == HttpStatusCode.Unauthorized ? 1 : 0;
        }
        Assert.Equal(requests * valuesEach, number);
        Assert.Equal(Quota, passed);
    }

    private static string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"{(number >> 16) + 11}.{number >> 8 & 255}.{number & 255}.7");

    private GatewayHost Gateway(int quota, params (string Key, string? Value)[] settings) => fixture.Gateway(
    [
        ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port},defaultDatabase={Interlocked.Increment(ref _database)}"),
        ("RateLimits:Policies:default:Requests", $"{quota}"), ("RateLimits:Policies:default:Window", "1.00:00:00"), .. settings,
    ]);

    private static int _database;

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Products);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, Cancelled);
        return response.StatusCode;
    }
}
