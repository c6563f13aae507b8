using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Shabou.Schema;

/// <summary>Ready means that the database answers and is at the migration this program was built for, or at a later one that took nothing away: another
/// model would read or write wrongly. The check opens a connection of its own, so that it tells of the server and not of a full pool.</summary>
internal sealed class SchemaVersionCheck(SpareConnection spare) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var state = await spare.UseAsync(connection => SchemaVersion.OfAsync(connection, cancellationToken), cancellationToken);
            return state.Objection(SchemaVersion.Compiled) is { } objection ? HealthCheckResult.Unhealthy(objection) : HealthCheckResult.Healthy();
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return HealthCheckResult.Unhealthy($"PostgreSQL refuses the login of this program ({refused.MessageText}); give the role the password that the program has, or run Migrator with rotate-password.", refused);
        }
        catch (Exception error) when (error is IOException or NpgsqlException or TimeoutException or ArgumentException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", error);
        }
    }
}
