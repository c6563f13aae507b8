using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Schema;

/// <summary>A service whose compiled model differs from the database's last migration is not ready: it would read or write wrongly.</summary>
internal sealed class SchemaVersionCheck(IServiceScopeFactory scopes) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ShabouContext>().Database;
        var compiled = database.GetMigrations().LastOrDefault();
        var applied = (await database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault();
        return applied == compiled
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The database is at migration {applied ?? "none"}, this program was built for {compiled}; run Migrator, or deploy the matching build.");
    }
}
