namespace Shabou.Gateway.Resilience;

/// <summary>How the gateway treats a service that fails. Everything is counted per cluster, or per destination, of this one gateway.</summary>
public sealed class ResilienceOptions
{
    public const string Section = "Resilience";

    /// <summary>How long a destination may take to accept a connection before it counts as away. Default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    public BreakerOptions Breaker { get; set; } = new();

    public RetryOptions Retry { get; set; } = new();

    public EjectionOptions Ejection { get; set; } = new();
}

/// <summary>When a service is not asked at all for a while.</summary>
public sealed class BreakerOptions
{
    /// <summary>Share of failed calls that opens it. Default 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Calls within <see cref="Window"/> below which nothing is concluded. Default 20.</summary>
    public int MinimumCalls { get; set; } = 20;

    /// <summary>Default 30 s.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing is asked; then one request is the probe. Default 30 s.</summary>
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A GET or HEAD whose answer begins later than this has failed, as far as the breaker is concerned. Default 4 s.</summary>
    public TimeSpan SlowAfter { get; set; } = TimeSpan.FromSeconds(4);

    internal bool IsSane => FailureRatio is >= 0.01 and <= 1 && MinimumCalls is >= 2 and <= 10_000
        && Within(Window) && Within(Break) && SlowAfter >= TimeSpan.FromMilliseconds(50) && SlowAfter <= TimeSpan.FromMinutes(10);

    private static bool Within(TimeSpan span) => span >= TimeSpan.FromMilliseconds(500) && span <= TimeSpan.FromMinutes(10);
}

/// <summary>When a GET or HEAD is asked again.</summary>
public sealed class RetryOptions
{
    /// <summary>Retries of one request. Default 2; 0 turns them off.</summary>
    public int Attempts { get; set; } = 2;

    /// <summary>Retries that each request earns for all: 0.1 lets a tenth be asked again. Default 0.1.</summary>
    public double Budget { get; set; } = 0.1;

    /// <summary>Retries that can be saved up. Default 10.</summary>
    public int Saved { get; set; } = 10;

    /// <summary>The first wait is a random part of this, each further one of twice as much. Default 50 ms.</summary>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>No wait is longer. Default 500 ms.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    internal bool IsSane => Attempts is >= 0 and <= 2 && Budget is >= 0 and <= 1 && Saved is >= 1 and <= 10_000
        && BaseDelay > TimeSpan.Zero && BaseDelay <= MaxDelay && MaxDelay <= TimeSpan.FromSeconds(5);
}

/// <summary>When one destination of several is set aside. For how long is the cluster's <c>HealthCheck:Passive:ReactivationPeriod</c>
/// (10 s), twice and then three times as long when it fails again.</summary>
public sealed class EjectionOptions
{
    /// <summary>Failures in a row. Default 5.</summary>
    public int Consecutive { get; set; } = 5;

    /// <summary>Or this share of failures within <see cref="Window"/>. Default 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Requests below which the share is not looked at. Default 10.</summary>
    public int MinimumRequests { get; set; } = 10;

    /// <summary>Default 10 s.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsSane => Consecutive is >= 1 and <= 1_000 && FailureRatio is >= 0.01 and <= 1 && MinimumRequests is >= 1 and <= 10_000
        && Window >= TimeSpan.FromSeconds(1) && Window <= TimeSpan.FromMinutes(10);
}
