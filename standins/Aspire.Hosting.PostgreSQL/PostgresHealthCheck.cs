using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.LocalHost;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Healthy when the database answers a query; a password that the data folder does not know ends the host.</summary>
internal sealed class PostgresHealthCheck(PostgresServerResource server, string database, LocalFolders folders) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{await server.GetConnectionStringAsync(cancellationToken)};Database={database};Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            await using var query = new NpgsqlCommand("SELECT 1", connection);
            await query.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return HealthCheckResult.Unhealthy("The password is wrong.", new LocalHostException(
                $"The PostgreSQL data in {Path.Combine(folders.Root, server.Name)} was made with another password than the one in use now: restore {Path.Combine(folders.Root, "secrets.json")} (or Parameters:{server.PasswordParameter.Name}), or delete that data folder."));
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return HealthCheckResult.Unhealthy("The server does not answer.", error);
        }
    }
}
