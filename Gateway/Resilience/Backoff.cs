namespace Shabou.Gateway.Resilience;

/// <summary>How long to wait before a retry: anything from nothing to a limit that doubles, so that those who failed together do not come back together.</summary>
internal static class Backoff
{
    /// <param name="retry">0 for the first.</param>
    /// <param name="random">From 0 to below 1.</param>
    internal static TimeSpan Before(int retry, RetryOptions options, double random) =>
        TimeSpan.FromMilliseconds(random * Math.Min(options.MaxDelay.TotalMilliseconds, options.BaseDelay.TotalMilliseconds * Math.Pow(2, retry)));
}
