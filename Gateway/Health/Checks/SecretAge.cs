using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shabou.Schema.SecretAges;

namespace Shabou.Gateway.Health.Checks;

/// <summary>Which secret of the whole system is closest to the age at which it should be replaced. Every program notes its own.</summary>
internal sealed class SecretAge(HealthDatabase database, IOptions<SecretAgeOptions> options) : IHealthCheck
{
    private const double Soon = 0.8; // of the age

    private const string Sql = """
        SELECT name, now() - max(first_seen_at) AS age, CASE WHEN name LIKE $1 || '%' THEN $2 ELSE $3 END AS most, count(*) OVER ()::int
        FROM ops.secret_versions GROUP BY name
        ORDER BY extract(epoch FROM now() - max(first_seen_at)) / extract(epoch FROM CASE WHEN name LIKE $1 || '%' THEN $2 ELSE $3 END) DESC LIMIT 1
        """;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(Sql, row =>
    {
        var (name, age, most, watched) = (row.GetString(0), row.GetTimeSpan(1), row.GetTimeSpan(2), row.GetInt32(3));
        var status = age > most ? HealthStatus.Unhealthy : age > most * Soon ? HealthStatus.Degraded : HealthStatus.Healthy;
        var sentence = string.Create(CultureInfo.InvariantCulture, $"Of {watched} secrets {name} is the closest to its end: {HealthDatabase.Words(age)} of {most.TotalDays:0} days.");
        return new(status, status == HealthStatus.Healthy ? sentence : sentence + " Replace it.", data: new Dictionary<string, object> { ["ageDays"] = Math.Round(age.TotalDays, 1), ["watched"] = watched });
    }, "any secret's age", cancellationToken, WatchedSecrets.DatabasePasswordPrefix, options.Value.DatabasePasswords, options.Value.Others);
}
