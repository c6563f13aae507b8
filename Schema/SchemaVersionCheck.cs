using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Shabou.Schema;

/// <summary>Ready means that the database answers and is at the migration this program was built for: another model would read or write
/// wrongly. The check opens a connection of its own, so that it tells of the server and not of a full pool.</summary>
internal sealed class SchemaVersionCheck(SpareConnection spare) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var applied = await spare.UseAsync(connection => SchemaVersion.AppliedAsync(connection, cancellationToken), cancellationToken);
            return applied == SchemaVersion.Compiled
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The database is at migration {applied ?? "none"}, this program was built for {SchemaVersion.Compiled}; run Migrator, or deploy the matching build.");
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or ArgumentException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", error);
        }
    }
}
