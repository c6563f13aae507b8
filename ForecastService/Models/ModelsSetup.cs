using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Shabou.ForecastService.Models;

internal static class ModelsSetup
{
    /// <summary>Registers the artefacts of models and Redis (<c>ConnectionStrings:redis</c>), where they are kept. The service is healthy without it.</summary>
    public static void AddModels(this IHostApplicationBuilder builder)
    {
        builder.AddRedisClient("redis", configureSettings: settings => settings.DisableAutoActivation = false, configureOptions: redis =>
        {
            redis.AbortOnConnectFail = false;
            redis.ConnectRetry = 1;
            redis.ConnectTimeout = 1_000;
            redis.BacklogPolicy = BacklogPolicy.FailFast; // without Redis the database is read; nobody waits
            redis.ReconnectRetryPolicy = new LinearRetry(500);
        });
        builder.Services.PostConfigure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Name == "StackExchange.Redis")) check.FailureStatus = HealthStatus.Degraded;
        });
        builder.Services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ModelCopies>();
        builder.Services.AddSingleton<ModelArtifacts>();
    }
}
