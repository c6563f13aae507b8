using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shabou.Standby.Supervision;

namespace Shabou.Standby.Health;

/// <summary>Healthy: the pair takes writes and either server may die. Degraded: one of the two may not. Unhealthy: there is no standby yet.</summary>
internal sealed class StandbyHealth(Supervisor supervisor, IOptions<StandbyOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = supervisor.Report;
        var status = report switch
        {
            { Role: StandbyRole.Starting } => HealthStatus.Unhealthy,
            { Role: StandbyRole.Standby, IsInSync: false } => HealthStatus.Unhealthy, // the primary is not open yet
            { Role: StandbyRole.Standby } when report.LagSeconds <= options.Value.MaxLag.TotalSeconds => HealthStatus.Healthy,
            { Role: StandbyRole.Primary, IsInSync: true } => HealthStatus.Healthy,
            _ => HealthStatus.Degraded,
        };
        var figures = new Dictionary<string, object> { ["role"] = report.Role.ToString() };
        if (report.LagBytes is { } bytes) figures["lagBytes"] = bytes;
        if (report.LagSeconds is { } seconds) figures["lagSeconds"] = seconds;
        return Task.FromResult(new HealthCheckResult(status, report.Sentence, data: figures));
    }
}
