using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Resilience;

public sealed class RetryTests(GatewayFixture fixture)
{
    private static readonly (string, string?)[] Patient =
        [("RateLimits:Policies:default:Requests", "100000"), ("Resilience:Breaker:MinimumCalls", "10000"), ("Resilience:Ejection:Consecutive", "1000"), ("Resilience:Ejection:MinimumRequests", "10000")];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500, 100, 100)]
    [InlineData(503, 100, 110)]
    [InlineData(502, 200, 220)]
    [InlineData(504, 9, 9)]
    public async Task In_an_outage_a_service_is_asked_a_tenth_more_often_than_the_gateway_and_not_once_more(int status, int requests, int tries)
    {
        await using var service = await ScriptedService.StartAsync(status);
        using var gateway = fixture.Gateway([("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", service.Address), ("Resilience:Retry:BaseDelay", "00:00:00.001"), .. Patient]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < requests; i++)
            Assert.Equal(status, (int)await StatusAsync(client, HttpMethod.Get));
        Assert.Equal(tries, service.Calls);
    }

    [Fact]
    public async Task One_of_two_that_is_gone_is_not_noticed_by_whoever_reads()
    {
        await using var there = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        using var gateway = fixture.Gateway([.. Two(there.Address, $"http://127.0.0.1:{ClosedPort()}"), ("Resilience:Retry:Budget", "1"), .. Patient]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 40; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head));
        Assert.Equal(40, there.Calls);
    }

    [Fact]
    public async Task A_write_and_a_request_with_a_body_are_sent_once()
    {
        await using var service = await ScriptedService.StartAsync(StatusCodes.Status503ServiceUnavailable);
        using var gateway = fixture.Gateway([("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", service.Address), ("Resilience:Retry:Budget", "1"), .. Patient]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        HttpMethod[] writes = [HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete];
        foreach (var method in writes)
            await StatusAsync(client, method);
        await StatusAsync(client, HttpMethod.Get, new StringContent("a body"));
        Assert.Equal(writes.Length + 1, service.Calls);
        await StatusAsync(client, HttpMethod.Get);
        Assert.Equal(writes.Length + 1 + 3, service.Calls); // a read is asked twice again
    }

    [Theory]
    [InlineData("1", 3)]
    [InlineData("3", 1)]
    public async Task A_service_that_says_come_back_later_is_waited_for_two_seconds_at_most(string seconds, int tries)
    {
        await using var service = await ScriptedService.StartAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = seconds;
            return http.Response.WriteAsync("later");
        });
        using var gateway = fixture.Gateway([("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", service.Address), ("Resilience:Retry:Budget", "1"), .. Patient]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 2; i++)  // earns what the retries spend
            await StatusAsync(client, HttpMethod.Delete);
        using var response = await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled);
        Assert.Equal("later", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(seconds, response.Header("Retry-After"));
        Assert.Equal(2 + tries, service.Calls);
    }

    [Fact]
    public async Task An_answer_that_has_begun_is_never_asked_for_again()
    {
        await using var service = await ScriptedService.StartAsync(async http =>
        {
            await http.Response.WriteAsync(new string('a', 100_000));
            http.Abort();
        });
        using var gateway = fixture.Gateway([("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", service.Address), ("Resilience:Retry:Budget", "1"), .. Patient]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => client.GetStringAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled));
        Assert.Equal(1, service.Calls);
    }

    private static (string, string?)[] Two(string first, string second) =>
        [("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", first), ("ReverseProxy:Clusters:catalog:Destinations:second:Address", second), ("ReverseProxy:Clusters:catalog:LoadBalancingPolicy", "RoundRobin")];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1/brands", UriKind.Relative)) { Content = content };
        using var response = await client.SendAsync(request, Cancelled);
        return response.StatusCode;
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
