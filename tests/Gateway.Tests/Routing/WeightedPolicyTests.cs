using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Routing;
using Shabou.Gateway.Tests.Servers;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Tests.Routing;

public sealed class WeightedPolicyTests(GatewayFixture fixture)
{
    private readonly ClusterState _cluster = new("catalog");
    private readonly WeightedPolicy _policy = new();

    [Theory]
    [InlineData(95, 5, 100)]
    [InlineData(90, 10, 1_000)]
    [InlineData(99, 1, 10_000)]
    [InlineData(700, 300, 50)]
    public void Of_whole_rounds_each_gets_exactly_its_weight(int stable, int canary, int requests)
    {
        var picked = Pick(requests, Destination("stable", stable), Destination("canary", canary, isCanary: true));
        Assert.Equal(requests * stable / (stable + canary), picked.Count(id => id == "stable"));
        Assert.Equal(requests * canary / (stable + canary), picked.Count(id => id == "canary"));
    }

    [Fact]
    public void A_small_share_is_spread_over_the_round_and_not_served_in_a_row()
    {
        var picked = Pick(100, Destination("stable", 90), Destination("canary", 10, isCanary: true));
        var turns = Enumerable.Range(0, 100).Where(turn => picked[turn] == "canary").ToList();
        Assert.All(turns.Zip(turns.Skip(1), (a, b) => b - a), gap => Assert.InRange(gap, 2, 40));
    }

    [Fact]
    public void Many_at_once_are_shared_out_exactly_too()
    {
        DestinationState[] destinations = [Destination("a", 3), Destination("b", 1)];
        var b = 0;
        Parallel.For(0, 4_000, _ => Interlocked.Add(ref b, _policy.PickDestination(new DefaultHttpContext(), _cluster, destinations)!.DestinationId == "b" ? 1 : 0));
        Assert.Equal(1_000, b);
    }

    [Theory]
    [InlineData("X-Canary", "true", "canary")]
    [InlineData("X-Canary", "always", "canary")]
    [InlineData("X-Canary", "never", "stable")]
    [InlineData("Cookie", "a=b; canary=true", "canary")]
    [InlineData("Cookie", "canary=false", "stable")]
    public void A_caller_may_ask_for_the_canary_or_keep_away(string header, string value, string expected)
    {
        // Against the weights, so that only the wish can have decided.
        var wishes = expected == "canary";
        Assert.All(Pick(50, [(header, value)], Destination("stable", wishes ? 100 : 0), Destination("canary", wishes ? 0 : 100, isCanary: true)), id => Assert.Equal(expected, id));
    }

    [Fact]
    public void The_header_wins_over_the_cookie_and_nonsense_is_no_wish()
    {
        DestinationState[] destinations = [Destination("stable", 50), Destination("canary", 50, isCanary: true)];
        Assert.All(Pick(20, [("X-Canary", "never"), ("Cookie", "canary=true")], destinations), id => Assert.Equal("stable", id));
        Assert.Equal(10, Pick(20, [("X-Canary", "banana")], destinations).Count(id => id == "canary"));
    }

    [Fact]
    public void When_the_asked_for_are_not_there_the_others_serve()
    {
        Assert.All(Pick(10, [("X-Canary", "true")], Destination("a", 1), Destination("b", 1)), id => Assert.Contains(id, (string[])["a", "b"]));
        Assert.All(Pick(10, [], Destination("canary", 0, isCanary: true)), id => Assert.Equal("canary", id));
    }

    [Fact]
    public async Task A_gateway_shares_requests_out_by_the_weights_of_its_configuration()
    {
        await using var stable = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        await using var canary = await ScriptedService.StartAsync(StatusCodes.Status200OK);
        using var gateway = fixture.Gateway(
            ("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", stable.Address),
            ("ReverseProxy:Clusters:catalog:Destinations:catalog:Metadata:Weight", "80"),
            ("ReverseProxy:Clusters:catalog:Destinations:next:Address", canary.Address),
            ("ReverseProxy:Clusters:catalog:Destinations:next:Metadata:Weight", "20"),
            ("ReverseProxy:Clusters:catalog:Destinations:next:Metadata:Canary", "true"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 50; i++)
            (await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal((40, 10), (stable.Calls, canary.Calls));
        client.DefaultRequestHeaders.Add("X-Canary", "always");
        for (var i = 0; i < 10; i++)
            (await client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal((40, 20), (stable.Calls, canary.Calls));
    }

    private List<string> Pick(int requests, params DestinationState[] destinations) => Pick(requests, [], destinations);

    private List<string> Pick(int requests, (string Name, string Value)[] headers, params DestinationState[] destinations)
    {
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers)
            http.Request.Headers[name] = value;
        return [.. Enumerable.Range(0, requests).Select(_ => _policy.PickDestination(http, _cluster, destinations)!.DestinationId)];
    }

    private static DestinationState Destination(string id, int weight, bool isCanary = false) => new(id, new DestinationModel(new DestinationConfig
    {
        Address = "http://127.0.0.1",
        Metadata = new Dictionary<string, string> { ["Weight"] = $"{weight}", ["Canary"] = $"{isCanary}" },
    }));
}
