using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Schema.Ops;

namespace Shabou.Gateway.Health.Checks;

/// <summary>PostgreSQL takes a write: this gateway's row of ops.heartbeats. A server that only reads, or whose disk is full, fails here.</summary>
internal sealed class PostgresWrite(HealthDatabase database) : IHealthCheck
{
    private static readonly string Instance = Cut($"gateway/{Environment.MachineName}");

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(
        "INSERT INTO ops.heartbeats (instance, at) VALUES ($1, now()) ON CONFLICT (instance) DO UPDATE SET at = now() RETURNING at",
        row => HealthCheckResult.Healthy("The database takes writes.", new Dictionary<string, object> { ["writtenAt"] = row.GetFieldValue<DateTimeOffset>(0) }),
        "whether it takes writes", cancellationToken, Instance);

    private static string Cut(string name) => name.Length > Heartbeat.InstanceMaxLength ? name[..Heartbeat.InstanceMaxLength] : name;
}
