using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Shabou.Schema.Connections;
using Shabou.Schema.Ops;

namespace Shabou.Gateway.Health.Checks;

/// <summary>PostgreSQL takes a write: this gateway's row of ops.heartbeats. A server that only reads, or whose disk is full, fails here;
/// one that lets fewer in than planned is degraded.</summary>
internal sealed class PostgresWrite(HealthDatabase database, IConfiguration configuration) : IHealthCheck
{
    private static readonly string Instance = Cut($"gateway/{Environment.MachineName}");

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(
        $"INSERT INTO ops.heartbeats (instance, at) VALUES ($1, now()) ON CONFLICT (instance) DO UPDATE SET at = now() RETURNING at, {PlannedConnections.Room}",
        row => PlannedConnections.Objection(configuration, row.GetInt32(1)) is { } tooFew
            ? HealthCheckResult.Degraded(tooFew, data: Data(row))
            : HealthCheckResult.Healthy("The database takes writes.", Data(row)),
        "whether it takes writes", cancellationToken, Instance);

    private static Dictionary<string, object> Data(NpgsqlDataReader row) => new() { ["writtenAt"] = row.GetFieldValue<DateTimeOffset>(0), ["connectionsLetIn"] = row.GetInt32(1) };

    private static string Cut(string name) => name.Length > Heartbeat.InstanceMaxLength ? name[..Heartbeat.InstanceMaxLength] : name;
}
