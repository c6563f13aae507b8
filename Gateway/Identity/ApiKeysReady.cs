using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.Gateway.Identity;

/// <summary>Ready once a key has been looked up, so that the first client finds the way to the database open.
/// Later the directory's own memory carries it through a database that is away, so this stays healthy.</summary>
internal sealed class ApiKeysReady(ApiKeyDirectory keys) : IHealthCheck
{
    private volatile bool _read;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_read) return HealthCheckResult.Healthy();
        try
        {
            await keys.FindAsync(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), http: null, cancellationToken);
            _read = true;
            return HealthCheckResult.Healthy();
        }
        catch (ApiKeysUnavailableException away)
        {
            return HealthCheckResult.Unhealthy("API keys cannot be read yet.", away);
        }
    }
}
