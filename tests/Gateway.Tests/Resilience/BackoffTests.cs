using Shabou.Gateway.Resilience;

namespace Shabou.Gateway.Tests.Resilience;

public sealed class BackoffTests
{
    private const int Samples = 10_000;
    private static readonly RetryOptions Options = new() { BaseDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromMilliseconds(150) };

    [Theory]
    [InlineData(0, 50)]
    [InlineData(1, 100)]
    [InlineData(2, 150)] // 200, were it not for the limit
    [InlineData(60, 150)]
    public void Waits_are_spread_evenly_from_nothing_to_a_limit_that_doubles(int retry, int limit)
    {
        var random = new Random(42);
        var waits = Enumerable.Range(0, Samples).Select(_ => Backoff.Before(retry, Options, random.NextDouble()).TotalMilliseconds).ToList();
        Assert.All(waits, wait => Assert.InRange(wait, 0, limit));
        var tenths = waits.GroupBy(wait => (int)(wait / limit * 10)).ToDictionary(tenth => tenth.Key, tenth => tenth.Count());
        Assert.Equal(10, tenths.Count);
        Assert.All(tenths.Values, count => Assert.InRange(count, Samples / 10 * 0.85, Samples / 10 * 1.15));
    }
}
