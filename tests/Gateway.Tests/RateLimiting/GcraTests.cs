using Shabou.Gateway.RateLimiting;
using StackExchange.Redis;

namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>The script, run by Redis. A quota of ten in an hour earns one back every six minutes, so no test waits or hurries.</summary>
public sealed class GcraTests(RedisServer server) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private static readonly Quota TenAnHour = new(10, TimeSpan.FromHours(1));
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(6);
    private readonly string _key = Guid.NewGuid().ToString();
    private ConnectionMultiplexer? _redis;

    private IDatabase Database => _redis!.GetDatabase();

    public async ValueTask InitializeAsync() => _redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_new_client_has_its_whole_quota()
    {
        var count = await CountAsync();
        Assert.Equal(new Count(true, 9, Interval, TimeSpan.Zero), count);
    }

    [Fact]
    public async Task The_quota_is_spent_one_by_one_and_the_next_request_is_refused()
    {
        for (var left = 9; left >= 0; left--)
            Assert.Equal((true, left), ((await CountAsync()) is var count ? (count.Allowed, count.Remaining) : default));
        var refused = await CountAsync();
        Assert.False(refused.Allowed);
        Assert.Equal(0, refused.Remaining);
        Assert.InRange(refused.RetryIn, Interval - TimeSpan.FromMinutes(1), Interval);
        Assert.InRange(refused.FullIn, TenAnHour.Window - TimeSpan.FromMinutes(1), TenAnHour.Window);
    }

    [Theory]
    [InlineData(-60, true, 9)] // long back: as a new client
    [InlineData(0, true, 9)]
    [InlineData(30, true, 4)] // half of the quota out, and this request
    [InlineData(53.5, true, 0)] // the last one
    [InlineData(54.5, false, 0)] // half an interval too early
    [InlineData(60, false, 0)]
    public async Task What_passes_depends_on_when_the_quota_is_whole_again(double wholeInMinutes, bool allowed, int remaining)
    {
        await StoreAsync(TimeSpan.FromMinutes(wholeInMinutes));
        var count = await CountAsync();
        Assert.Equal((allowed, remaining), (count.Allowed, count.Remaining));
    }

    [Fact]
    public async Task A_refused_request_costs_nothing()
    {
        await StoreAsync(TimeSpan.FromMinutes(58));
        var before = await Database.StringGetAsync(_key);
        Assert.False((await CountAsync()).Allowed);
        Assert.Equal(before, await Database.StringGetAsync(_key));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_locks_nobody_out_for_longer_than_one_interval()
    {
        await StoreAsync(TimeSpan.FromDays(30));
        var count = await CountAsync();
        Assert.False(count.Allowed);
        Assert.Equal(Interval, count.RetryIn);
    }

    [Fact]
    public async Task Concurrent_requests_share_the_quota_exactly()
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => CountAsync()));
        Assert.Equal(10, counts.Count(count => count.Allowed));
    }

    [Fact]
    public async Task Requests_that_are_counted_together_are_counted_one_by_one()
    {
        var other = new Asked(_key + "-other", new Quota(2, TimeSpan.FromHours(1)));
        var asked = Enumerable.Repeat(new Asked(_key, TenAnHour), 11).Append(other).Append(other).Append(other);
        var counts = await Gcra.CountAsync(Database, [.. asked]);
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 1, 0, 0], counts.Select(count => count.Remaining));
        Assert.Equal([10, 13], Enumerable.Range(0, counts.Length).Where(i => !counts[i].Allowed));
    }

    [Fact]
    public async Task A_client_that_stays_away_leaves_nothing_behind()
    {
        await CountAsync();
        var left = await Database.KeyTimeToLiveAsync(_key);
        Assert.InRange(left!.Value, Interval - TimeSpan.FromMinutes(1), Interval);
    }

    [Fact]
    public async Task A_server_that_lost_the_script_learns_it_again()
    {
        await CountAsync();
        await Database.ExecuteAsync("SCRIPT", "FLUSH");
        Assert.Equal(8, (await CountAsync()).Remaining);
    }

    [Fact]
    public async Task A_request_is_one_round_trip()
    {
        await CountAsync();
        await Database.ExecuteAsync("CONFIG", "RESETSTAT");
        for (var i = 0; i < 7; i++)
            await CountAsync();
        var commands = (await _redis!.GetServers().Single().InfoAsync("commandstats")).Single().ToDictionary();
        Assert.StartsWith("calls=7,", commands["cmdstat_evalsha"], StringComparison.Ordinal);
        Assert.DoesNotContain("cmdstat_eval", commands.Keys);
        Assert.DoesNotContain("cmdstat_script|load", commands.Keys);
    }

    private async Task<Count> CountAsync() => Assert.Single(await Gcra.CountAsync(Database, [new(_key, TenAnHour)]));

    /// <summary>As if earlier requests had moved the moment there. Redis's clock, since the script reads no other.</summary>
    private async Task StoreAsync(TimeSpan wholeIn)
    {
        var now = (RedisResult[])(await Database.ExecuteAsync("TIME"))!;
        var moment = (long)now[0] * 1_000_000 + (long)now[1] + (long)wholeIn.TotalMicroseconds;
        await Database.StringSetAsync(_key, moment);
    }
}
