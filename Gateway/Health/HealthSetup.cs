using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Gateway.Health.Checks;
using Shabou.Schema.SecretAges;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Gateway.Health;

/// <summary>What is watched, and what of it decides whether this gateway is ready.</summary>
internal static class HealthSetup
{
    /// <summary>Registered by the Redis client; its sentences name hosts, and it knows no figure.</summary>
    private const string RedisOfTheClient = "StackExchange.Redis";

    /// <summary>The one place that says it: these are reported and do not count for /health, whoever registers them. The gateway serves without
    /// them, or all its replicas would fail together, and none is helped by being taken out of service. Every other check counts.</summary>
    private static readonly string[] ReportedOnly =
        ["postgres", "queue", "replica-lag", "budget", "backup", "certificate", "signing-key", "secrets"];

    internal static void AddHealthReport(this WebApplicationBuilder builder)
    {
        builder.AddHealthWatch();
        builder.Services.AddSingleton<HealthDatabase>();
        builder.Services.AddOptions<SecretAgeOptions>().BindConfiguration(SecretAgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var checks = builder.Services.AddHealthChecks()
            .AddCheck<PostgresWrite>("postgres")
            .AddCheck<RedisPing>("redis", HealthStatus.Degraded) // without it limits are local: served all the same
            .AddCheck<QueueAge>("queue")
            .AddCheck<ReplicaLag>("replica-lag")
            .AddCheck<BudgetUse>("budget")
            .AddCheck<BackupCheck>("backup")
            .AddCheck<SecretAge>("secrets");
        foreach (var cluster in builder.Configuration.GetSection("ReverseProxy:Clusters").GetChildren())
            checks.Add(new(cluster.Key, services => ActivatorUtilities.CreateInstance<ServiceAnswer>(services, cluster.Key), failureStatus: null, [HealthEndpoints.Deep]));
        builder.Services.PostConfigure<HealthCheckServiceOptions>(Sort);
    }

    private static void Sort(HealthCheckServiceOptions health)
    {
        foreach (var check in health.Registrations.Where(check => check.Name == RedisOfTheClient).ToList())
            health.Registrations.Remove(check);
        foreach (var check in health.Registrations.Where(check => ReportedOnly.Contains(check.Name)))
            check.Tags.Add(HealthEndpoints.Deep);
    }
}
