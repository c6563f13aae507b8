using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Shabou.Gateway.Health.Checks;

/// <summary>Redis answers a PING. Without it the gateway serves, with limits of its own.</summary>
internal sealed class RedisPing(IConnectionMultiplexer redis) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var latency = await redis.GetDatabase().PingAsync().WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy(string.Create(CultureInfo.InvariantCulture, $"Redis answers in {latency.TotalMilliseconds:0.##} ms."),
                new Dictionary<string, object> { ["latencyMs"] = latency.TotalMilliseconds });
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            return new(context.Registration.FailureStatus, "Redis does not answer; each gateway limits alone and costly requests are refused.", error);
        }
    }
}
