using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Gateway.Health.Checks;

/// <summary>How far PostgreSQL's standbys are behind. Without one there is nothing that could be.</summary>
internal sealed class ReplicaLag(HealthDatabase database) : IHealthCheck
{
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FarBehind = TimeSpan.FromMinutes(1);

    // The lag is null when nothing was written lately, and for roles that may not see it.
    private const string Sql = "SELECT count(*)::int, max(replay_lag) FROM pg_stat_replication";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(Sql, row =>
    {
        var (standbys, lag) = (row.GetInt32(0), row.IsDBNull(1) ? TimeSpan.Zero : row.GetTimeSpan(1));
        var status = lag > FarBehind ? HealthStatus.Unhealthy : lag > Behind ? HealthStatus.Degraded : HealthStatus.Healthy;
        var sentence = standbys == 0
            ? "There is no standby."
            : string.Create(CultureInfo.InvariantCulture, $"{standbys} standbys, the slowest {HealthDatabase.Words(lag)} behind.");
        return new(status, sentence, data: new Dictionary<string, object> { ["standbys"] = standbys, ["lagSeconds"] = Math.Round(lag.TotalSeconds, 3) });
    }, "the state of the standbys", cancellationToken);
}
