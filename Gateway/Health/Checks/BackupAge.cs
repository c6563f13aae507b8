using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Gateway.Health.Checks;

/// <summary>How old the newest backup is that was restored and found whole: the others are hopes.</summary>
internal sealed class BackupAge(HealthDatabase database) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromHours(24);
    private static readonly TimeSpan TooLate = TimeSpan.FromHours(48);

    private const string Sql = "SELECT now() - max(finished_at) FROM ops.backups WHERE verified_at IS NOT NULL";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(Sql, row =>
    {
        if (row.IsDBNull(0))
            return HealthCheckResult.Degraded("There is no backup that was restored and checked; make one.");
        var age = row.GetTimeSpan(0);
        var status = age > TooLate ? HealthStatus.Unhealthy : age > Late ? HealthStatus.Degraded : HealthStatus.Healthy;
        var figures = new Dictionary<string, object> { ["ageHours"] = Math.Round(age.TotalHours, 1) };
        return new(status, $"The newest checked backup is {HealthDatabase.Words(age)} old.", data: figures);
    }, "the age of the backups", cancellationToken);
}
