using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Idempotency;
using StackExchange.Redis;

namespace Shabou.CatalogApi.Caching;

internal static class Caching
{
    public static void AddCaching(this IHostApplicationBuilder builder)
    {
        builder.AddRedisClient("redis", configureSettings: settings => settings.DisableAutoActivation = false, configureOptions: redis =>
        {
            redis.AbortOnConnectFail = false;
            redis.ConnectRetry = 1;
            redis.ConnectTimeout = 1_000;
            redis.BacklogPolicy = BacklogPolicy.FailFast; // without Redis a request reads the database; it does not wait
            redis.ReconnectRetryPolicy = new LinearRetry(500);
        });
        // Without Redis the catalog still answers: degraded, not unhealthy.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Name == "StackExchange.Redis")) check.FailureStatus = HealthStatus.Degraded;
        });
        builder.Services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<CatalogVersions>();
        builder.Services.AddSingleton<IAfterCommit, TellVersions>();
        builder.Services.AddSingleton<CatalogCache>();
    }
}
