using System.Net;
using Shabou.Gateway.Tests.Servers;
using StackExchange.Redis;

namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>What Redis forgets, the gateways still know.</summary>
public sealed class EmptyRedisTests(GatewayFixture fixture, RedisServer server) : IClassFixture<RedisServer>
{
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Emptying_Redis_opens_no_window_again()
    {
        using var gateway = Gateway();
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        Assert.Equal(20, await PassingAsync(client, 30));
        await FlushAsync();
        Assert.Equal(0, await PassingAsync(client, 30));
    }

    [Fact]
    public async Task Of_two_gateways_each_brings_what_it_knows_so_that_less_than_one_quota_is_lost()
    {
        using var one = Gateway();
        using var two = Gateway();
        var key = await fixture.Postgres.IssueAsync();
        using var first = one.Client(key);
        using var second = two.Client(key);
        Assert.Equal(20, await PassingAsync(first, 5) + await PassingAsync(second, 30));
        await FlushAsync();
        var again = await PassingAsync(first, 30) + await PassingAsync(second, 30);
        Assert.InRange(again, 0, 15); // the first had seen 5 of 20
    }

    [Fact]
    public async Task A_Redis_that_was_killed_and_comes_back_empty_opens_no_window_again()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        using var gateway = Gateway(("ConnectionStrings:redis", $"127.0.0.1:{redis.Port}"), ("RateLimits:ProbeEvery", "00:00:00.1"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        Assert.Equal(20, await PassingAsync(client, 30));
        await redis.KillAsync(Cancelled);
        Assert.Equal(0, await PassingAsync(client, 30));
        await redis.StartAsync(Cancelled);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await AskAsync(client) is { Degraded: true } answer)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
            await tick.WaitForNextTickAsync(limit.Token);
        }
        Assert.Equal(0, await PassingAsync(client, 30));
    }

    // Twenty in an hour: what is earned back while a test runs is less than one.
    private GatewayHost Gateway(params (string Key, string? Value)[] settings) => fixture.Gateway(
        [("ConnectionStrings:redis", $"127.0.0.1:{server.Port}"), ("RateLimits:Policies:default:Requests", "20"), ("RateLimits:Policies:default:Window", "01:00:00"), .. settings]);

    private async Task FlushAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");
        await redis.GetServers().Single().FlushAllDatabasesAsync();
    }

    private static async Task<int> PassingAsync(HttpClient client, int times) =>
        (await Task.WhenAll(Enumerable.Range(0, times).Select(_ => AskAsync(client)))).Count(answer => answer.Status == HttpStatusCode.OK);

    private static async Task<(HttpStatusCode Status, bool Degraded)> AskAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Products, Cancelled);
        return (response.StatusCode, response.Headers.Contains("RateLimit-Degraded"));
    }
}
