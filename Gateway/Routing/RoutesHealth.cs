using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Gateway.Routing;

/// <summary>Degraded while a changed configuration of the routes is refused: the gateway serves, but not what somebody wanted.</summary>
internal sealed class RoutesHealth(RouteSource routes) : IHealthCheck
{
    internal const string CheckName = "routes";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(routes.Refusal is { } fault ? HealthCheckResult.Degraded(fault) : HealthCheckResult.Healthy());
}
