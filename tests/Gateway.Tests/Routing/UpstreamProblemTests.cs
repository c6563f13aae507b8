using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Routing;

public sealed class UpstreamProblemTests(GatewayFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_is_down_is_named_and_the_others_keep_working()
    {
        using var gateway = fixture.Gateway(("Services:forecast:http:0", $"http://127.0.0.1:{ClosedPort()}"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var down = await client.GetAsync(new Uri("/api/v1/accuracy", UriKind.Relative), Cancelled);
        Assert.Contains("service forecast does not answer", await down.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service-unavailable"), StringComparison.Ordinal);
        Assert.Equal("5", down.Header("Retry-After"));
        Assert.True(down.Headers.Contains("RateLimit"));
        Assert.Equal("answered", await client.GetStringAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled));
    }

    [Fact]
    public async Task A_service_that_comes_back_is_asked_again_at_once()
    {
        var port = ClosedPort();
        using var gateway = fixture.Gateway(("Services:catalog:http:0", $"http://127.0.0.1:{port}"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using (var down = await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
        await using var back = await Upstream.StartAsync(Cancelled, port);
        Assert.Equal("answered", await client.GetStringAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled));
    }

    [Fact]
    public async Task A_service_nobody_has_named_is_a_service_that_is_down()
    {
        using var gateway = fixture.Gateway(
            ("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", "https+http://no-such-service.invalid"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var response = await client.GetAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled);
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service-unavailable");
    }

    [Fact]
    public async Task A_service_that_takes_too_long_is_a_timeout()
    {
        using var gateway = fixture.Gateway(("ReverseProxy:Routes:brands:Timeout", "00:00:00.300"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var response = await client.GetAsync(new Uri("/api/v1/brands/never", UriKind.Relative), Cancelled);
        Assert.Contains("service catalog did not answer in the time", await response.ProblemAsync(HttpStatusCode.GatewayTimeout, "upstream-timeout"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_that_a_route_allows_covers_the_whole_answer()
    {
        await using var dribble = await ScriptedService.StartAsync(async http =>
        {
            using var each = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await each.WaitForNextTickAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync("drop ", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        });
        using var gateway = fixture.Gateway(("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", dribble.Address), ("ReverseProxy:Routes:brands:Timeout", "00:00:01"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var response = await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Cancelled)); // cut off, not ended as if whole
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_not_found_for_those_who_may_ask()
    {
        using var gateway = fixture.Gateway();
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var known = await client.GetAsync(new Uri("/api/v1/unicorns", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, known.StatusCode);
        Assert.Equal("application/problem+json", known.Content.Headers.ContentType?.MediaType);
        using var stranger = gateway.Client();
        using var unknown = await stranger.GetAsync(new Uri("/api/v1/unicorns", UriKind.Relative), Cancelled);
        await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
