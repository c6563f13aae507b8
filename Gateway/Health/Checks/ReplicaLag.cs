using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Gateway.Health.Checks;

/// <summary>How far PostgreSQL's standbys are behind, and whether the one that there should be (<c>Postgres:Standby</c>) is there.</summary>
internal sealed class ReplicaLag(HealthDatabase database, IConfiguration configuration) : IHealthCheck
{
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FarBehind = TimeSpan.FromMinutes(1);

    // Programs of ours that fetch the log for a backup are no standbys. The lag is null when nothing was written lately, and for roles that may not see it.
    private const string Sql = """
        SELECT count(*)::int, max(replay_lag), current_setting('synchronous_standby_names') <> ''
        FROM pg_stat_replication WHERE state = 'streaming' AND application_name NOT LIKE 'shabou-%'
        """;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(Sql, row =>
    {
        var (standbys, lag) = (row.GetInt32(0), row.IsDBNull(1) ? TimeSpan.Zero : row.GetTimeSpan(1));
        var wanted = row.GetBoolean(2) || (bool.TryParse(configuration["Postgres:Standby"], out var configured) && configured);
        var status = lag > FarBehind ? HealthStatus.Unhealthy : lag > Behind || (standbys == 0 && wanted) ? HealthStatus.Degraded : HealthStatus.Healthy;
        var sentence = (standbys, wanted) switch
        {
            (0, true) => "The standby is missing: if this server dies now, the last changes die with it. Look at the resource postgres-standby.",
            (0, false) => "There is no standby.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{standbys} standbys, the slowest {HealthDatabase.Words(lag)} behind."),
        };
        return new(status, sentence, data: new Dictionary<string, object> { ["standbys"] = standbys, ["lagSeconds"] = Math.Round(lag.TotalSeconds, 3) });
    }, "the state of the standbys", cancellationToken);
}
