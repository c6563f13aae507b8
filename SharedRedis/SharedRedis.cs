using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shabou.SharedRedis;

/// <summary>How every program gets Redis (<c>ConnectionStrings:redis</c>): none of them needs it to serve, so none of them waits for it.</summary>
public static class SharedRedis
{
    /// <summary>Name of the health check, which says Degraded, not Unhealthy, while Redis is away.</summary>
    public const string HealthCheck = "StackExchange.Redis";

    /// <summary>Registers <see cref="IConnectionMultiplexer"/>, connected at start and again twice a second after a loss. What is asked while it is away fails at
    /// once with <see cref="RedisConnectionException"/>.</summary>
    public static TBuilder AddSharedRedis<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddRedisClient("redis", configureSettings: settings => settings.DisableAutoActivation = false, configureOptions: redis =>
        {
            redis.AbortOnConnectFail = false;
            redis.ConnectRetry = 1;
            redis.ConnectTimeout = 1_000;
            redis.BacklogPolicy = BacklogPolicy.FailFast; // what waits for Redis to come back is of no use to its request
            redis.ReconnectRetryPolicy = new LinearRetry(500);
            redis.SocketManager = SocketManager.ThreadPool;
        });
        // Of each connection it tells the story in sixty lines. First in the list, so that configuration can still raise it.
        builder.Services.PostConfigure<LoggerFilterOptions>(filters => filters.Rules.Insert(0, new(providerName: null, "StackExchange.Redis", LogLevel.Warning, filter: null)));
        builder.Services.PostConfigure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Name == HealthCheck)) check.FailureStatus = HealthStatus.Degraded;
        });
        return builder;
    }
}
