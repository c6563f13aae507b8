namespace Shabou.Gateway.Resilience;

/// <summary>How a gateway that is told to end (SIGTERM) takes its leave.</summary>
public sealed class DrainOptions
{
    public const string Section = "Drain";

    /// <summary>How long it still accepts connections after /health has turned to 503, so that whoever spreads the load can notice.
    /// Default 2 s; in Development, where nobody does, 0.</summary>
    public TimeSpan Notice { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long requests that are under way may then take; what is left is cut off. Default 25 s.</summary>
    public TimeSpan InFlight { get; set; } = TimeSpan.FromSeconds(25);

    internal bool IsSane => Notice >= TimeSpan.Zero && Notice <= TimeSpan.FromMinutes(1) && InFlight >= TimeSpan.FromSeconds(1) && InFlight <= TimeSpan.FromMinutes(5);
}
