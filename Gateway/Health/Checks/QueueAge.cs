using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Gateway.Health.Checks;

/// <summary>How long the oldest job that could run has waited, how many wait, and whether anybody works.</summary>
internal sealed class QueueAge(HealthDatabase database) : IHealthCheck
{
    private const int ManyWaiting = 100;
    private const int CountedAtMost = 10_000;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(10);

    private static readonly string Sql = $"""
        SELECT (SELECT count(*)::int FROM (SELECT FROM jobs.jobs WHERE state = 'Available' AND run_at <= now() LIMIT {CountedAtMost}) due),
            (SELECT now() - min(run_at) FROM jobs.jobs WHERE state = 'Available' AND run_at <= now()),
            (SELECT count(DISTINCT worker_id)::int FROM jobs.workers WHERE seen_at > now() - interval '60 seconds')
        """;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(Sql, row =>
    {
        var (waiting, oldest, workers) = (row.GetInt32(0), row.IsDBNull(1) ? TimeSpan.Zero : row.GetTimeSpan(1), row.GetInt32(2));
        var status = oldest > Stuck ? HealthStatus.Unhealthy : oldest > Slow || waiting > ManyWaiting || workers == 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
        var sentence = waiting == 0
            ? $"No job waits; {Workers(workers)}."
            : string.Create(CultureInfo.InvariantCulture, $"{waiting} jobs wait, the oldest for {HealthDatabase.Words(oldest)}; {Workers(workers)}.");
        return new(status, sentence, data: new Dictionary<string, object> { ["waiting"] = waiting, ["oldestSeconds"] = Math.Round(oldest.TotalSeconds, 1), ["workers"] = workers });
    }, "the state of the queue", cancellationToken);

    private static string Workers(int count) => count switch
    {
        0 => "no worker was seen in the last minute, start a service",
        1 => "1 worker was seen in the last minute",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} workers were seen in the last minute"),
    };
}
