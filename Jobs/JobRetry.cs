namespace Shabou.Jobs;

/// <summary>How long a failed job waits.</summary>
internal static class JobRetry
{
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(15);

    /// <summary>Exponential backoff with full jitter: uniform between 0 and min(15 min, 2^attempt s). Jobs that failed together do not come back together.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="jitter">Uniform in [0, 1).</param>
    public static TimeSpan Delay(int attempt, double jitter) =>
        jitter * TimeSpan.FromSeconds(Math.Min(Cap.TotalSeconds, Math.Pow(2, Math.Min(attempt, 20))));
}
