namespace Shabou.Gateway.RateLimiting;

/// <summary>How much each client may ask for.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>For every route that does not say <c>costly</c>. Default 100 requests in 60 s.</summary>
    public Quota Default { get; set; } = new() { Requests = 100 };

    /// <summary>For requests that start expensive work; counted apart. Default 20 requests in 60 s.</summary>
    public Quota Costly { get; set; } = new() { Requests = 20 };

    /// <summary>Gateways that share the quota. While Redis is away, each grants its part alone. Default 1.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>Redis gets this long to count a request; then it is taken to be away. Default 250 ms.</summary>
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>While Redis is away, it is asked this often whether it is back. Default 1 s.</summary>
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromSeconds(1);

    internal Quota Of(string policy) => policy == RateLimits.Costly ? Costly : Default;
}

/// <summary>That many requests at once; then one more each Window / Requests.</summary>
public sealed class Quota
{
    public int Requests { get; set; } = 100;

    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time in which one request is earned back.</summary>
    internal TimeSpan Interval => Window / Requests;

    internal bool IsSane => Requests is >= 1 and <= 100_000 && Window >= TimeSpan.FromSeconds(1) && Window <= TimeSpan.FromDays(1);
}
