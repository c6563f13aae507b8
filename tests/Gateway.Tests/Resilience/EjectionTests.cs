using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Tests.Servers;
using Yarp.ReverseProxy;

namespace Shabou.Gateway.Tests.Resilience;

public sealed class EjectionTests(GatewayFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_destination_that_answers_5xx_is_set_aside_and_comes_back()
    {
        await using var good = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        await using var bad = await ScriptedService.StartAsync(StatusCodes.Status500InternalServerError);
        using var gateway = fixture.Gateway([.. Destinations(good, bad), ("ReverseProxy:Clusters:catalog:HealthCheck:Passive:ReactivationPeriod", "00:00:01")]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        await Until.TrueAsync(async () => { await AskAsync(client); return Available(gateway) == 1; }, "the bad one is set aside");
        Assert.Equal(5, bad.Calls);
        bad.Answer = ScriptedService.Status(StatusCodes.Status200OK);
        await Until.TrueAsync(() => Available(gateway) == 2, "it comes back");
        await Until.TrueAsync(async () => { await AskAsync(client); return bad.Calls > 5; }, "it is asked again");
    }

    [Fact]
    public async Task A_destination_that_fails_the_probe_is_set_aside_until_it_passes()
    {
        await using var good = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        await using var bad = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        bad.Health = StatusCodes.Status503ServiceUnavailable;
        using var gateway = fixture.Gateway([.. Destinations(good, bad), ("ReverseProxy:Clusters:catalog:HealthCheck:Active:Interval", "00:00:00.2")]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        await Until.TrueAsync(() => Available(gateway) == 1, "the sick one is set aside");
        for (var i = 0; i < 10; i++)
            await AskAsync(client);
        Assert.Equal((10, 0), (good.Calls, bad.Calls));
        bad.Health = StatusCodes.Status200OK;
        await Until.TrueAsync(() => Available(gateway) == 2, "the healed one serves");
    }

    [Fact]
    public async Task The_only_destination_is_never_set_aside()
    {
        await using var bad = await ScriptedService.StartAsync(StatusCodes.Status500InternalServerError);
        bad.Health = StatusCodes.Status503ServiceUnavailable;
        using var gateway = fixture.Gateway(("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", bad.Address), ("ReverseProxy:Clusters:catalog:HealthCheck:Active:Interval", "00:00:00.1"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        await Until.TrueAsync(() => bad.Probes >= 4, "it failed its probes");
        for (var i = 0; i < 12; i++)
            await AskAsync(client);
        Assert.Equal(12, bad.Calls);
    }

    [Fact]
    public async Task Two_endpoints_of_one_service_are_two_destinations()
    {
        await using var first = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        await using var second = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        using var gateway = fixture.Gateway(("Services:catalog:http:0", first.Address), ("Services:catalog:http:1", second.Address), ("ReverseProxy:Clusters:catalog:LoadBalancingPolicy", "RoundRobin"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 10; i++)
            await AskAsync(client);
        Assert.Equal((5, 5), (first.Calls, second.Calls));
    }

    private static (string, string?)[] Destinations(ScriptedService first, ScriptedService second) =>
    [
        ("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", first.Address), ("ReverseProxy:Clusters:catalog:Destinations:second:Address", second.Address),
        ("ReverseProxy:Clusters:catalog:LoadBalancingPolicy", "RoundRobin"), ("RateLimits:Policies:default:Requests", "100000"), ("Resilience:Breaker:MinimumCalls", "10000"),
        ("Resilience:Ejection:MinimumRequests", "10000"),
    ];

    private static int Available(GatewayHost gateway) =>
        gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("catalog", out var cluster) ? cluster.DestinationsState.AvailableDestinations.Count : 0;

    private static async Task AskAsync(HttpClient client) => (await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled)).Dispose();
}
