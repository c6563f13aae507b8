using Microsoft.Extensions.Options;
using Shabou.Gateway.RateLimiting;

namespace Shabou.Gateway.Tests.RateLimiting;

public sealed class LocalCounterTests
{
    private static readonly Quota TenAMinute = new(10, TimeSpan.FromMinutes(1));
    private readonly StoppedClock _clock = new();
    private readonly RateLimitOptions _options = new();
    private readonly LocalCounter _counter;

    public LocalCounterTests() => _counter = new LocalCounter(Options.Create(_options), _clock);

    [Fact]
    public void The_quota_passes_at_once_and_comes_back_one_by_one()
    {
        Assert.Equal(10, Passing(25));
        var refused = Count();
        Assert.Equal((false, 0, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(6)), (refused.Allowed, refused.Remaining, refused.FullIn, refused.RetryIn));
        _clock.Pass(TimeSpan.FromSeconds(18));
        Assert.Equal(3, Passing(25));
        _clock.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(10, Passing(25));
    }

    [Fact]
    public void Each_of_several_gateways_grants_its_part()
    {
        _options.Replicas = 3;
        Assert.Equal(3, Passing(25));
        _options.Replicas = 100;
        Assert.Equal(1, Passing(25, "another"));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(26)]
    [InlineData(24 * 31)]
    public void Setting_the_clock_opens_no_window(int hours)
    {
        Assert.Equal(10, Passing(25));
        _clock.Offset = TimeSpan.FromHours(hours);
        Assert.Equal(0, Passing(25));
        _clock.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal(1, Passing(25));
    }

    [Fact]
    public void What_Redis_said_before_it_went_away_still_counts()
    {
        _counter.Learn("default", "client", _counter.Now + TimeSpan.FromSeconds(42)); // 7 of 10 spent
        _counter.Learn("default", "client", _counter.Now + TimeSpan.FromSeconds(6)); // an older answer that came late
        Assert.Equal(TimeSpan.FromSeconds(42), _counter.FullIn("default", "client"));
        Assert.Equal(3, Passing(25));
    }

    [Fact]
    public void A_count_can_be_given_back()
    {
        Assert.Equal(10, Passing(25));
        _counter.GiveBack("default", "client", TenAMinute.Interval);
        _counter.GiveBack("default", "nobody", TenAMinute.Interval);
        Assert.Equal(1, Passing(25));
    }

    [Fact]
    public void Clients_beyond_those_it_remembers_share_one_quota_until_it_has_forgotten_some()
    {
        for (var i = 0; i < LocalCounter.MaxClients; i++)
            Count($"client {i}");
        Assert.Equal(10, Passing(5, "one more") + Passing(25, "two more"));
        Assert.Equal(9, Passing(25, "client 0"));
        _clock.Pass(TimeSpan.FromMinutes(2));
        _counter.Sweep();
        Assert.Equal(20, Passing(25, "one more") + Passing(25, "two more"));
    }

    [Fact]
    public void Concurrent_requests_get_the_quota_exactly()
    {
        var passed = 0;
        Parallel.For(0, 1_000, _ => Interlocked.Add(ref passed, Count().Allowed ? 1 : 0));
        Assert.Equal(10, passed);
    }

    private Count Count(string client = "client") => _counter.Count("default", client, TenAMinute);

    private int Passing(int times, string client = "client") => Enumerable.Range(0, times).Count(_ => Count(client).Allowed);
}
