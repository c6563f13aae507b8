namespace Shabou.Gateway.RateLimiting;

/// <summary>One limit, as the configuration describes it: <c>RateLimits:Policies:{name}</c>.</summary>
public sealed class LimitPolicy
{
    /// <summary>That many at once, and again in each window. Default 100.</summary>
    public int Requests { get; set; } = 100;

    /// <summary>Default 60 s.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Who shares one count. Default: each client.</summary>
    public LimitSubject Per { get; set; } = LimitSubject.Client;

    /// <summary>Beside that, so many requests in a window for one account, wherever they come from. Default: not counted.</summary>
    public int? PerAccount { get; set; }

    /// <summary>What happens while nobody can count for all gateways. Default: each limits alone.</summary>
    public WithoutRedis WithoutRedis { get; set; } = WithoutRedis.Local;

    internal Quota Quota => new(Requests, Window);

    internal Quota? AccountQuota => PerAccount is { } requests ? new(requests, Window) : null;
}

/// <summary>Who shares one count of a limit.</summary>
public enum LimitSubject
{
    /// <summary>The key or person that calls; a caller without one as its network.</summary>
    Client,

    /// <summary>The caller's /24 or /64, whoever it says it is.</summary>
    Network,
}

/// <summary>What a limit does while Redis is away.</summary>
public enum WithoutRedis
{
    /// <summary>Each gateway counts alone and grants its part of the quota.</summary>
    Local,

    /// <summary>503: nothing expensive is started on the word of a limiter that sees only its own gateway.</summary>
    Refuse,
}

/// <summary>That many requests at once; then one more each Window / Requests.</summary>
internal readonly record struct Quota(int Requests, TimeSpan Window)
{
    /// <summary>Time in which one request is earned back.</summary>
    internal TimeSpan Interval => Window / Requests;

    internal bool IsSane => Requests is >= 1 and <= 100_000 && Window >= TimeSpan.FromSeconds(1) && Window <= TimeSpan.FromDays(1);

    /// <summary>What one of several gateways grants when it is alone.</summary>
    internal Quota PartOf(int replicas) => this with { Requests = Math.Max(1, Requests / replicas) };
}
