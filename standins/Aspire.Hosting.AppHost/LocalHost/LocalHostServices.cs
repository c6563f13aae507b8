using Aspire.Hosting.Page;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.LocalHost;

/// <summary>Registers the host's parts.</summary>
internal static class LocalHostServices
{
    public static void Add(IServiceCollection services, DistributedApplicationOptions options)
    {
        services.AddSingleton<Certificates>();
        services.AddSingleton<LocalHttp>();
        services.AddSingleton<ProcessRecords>();
        services.AddSingleton<SecretMask>();
        services.AddSingleton<ToolRunner>();
        services.AddSingleton<ProgramFactory>();
        services.AddSingleton<ReplicaSet>();
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<LocalHostService>();
        services.AddHostedService(s => s.GetRequiredService<LocalHostService>());

        // Clients made from this host trust its development certificate.
        services.AddHttpClient();
        services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(s =>
        {
            var handler = LocalHttp.CreateHandler(s.GetRequiredService<Certificates>());
            handler.AllowAutoRedirect = true;
            handler.UseCookies = true;
            return handler;
        }));

        if (options.EnableResourceLogging)
            services.AddHostedService<ResourceLogForwarder>();
        if (!options.DisableDashboard)
        {
            services.AddSingleton<ConsoleReport>();
            services.AddSingleton<ResourceViews>();
            services.AddSingleton<LocalPage>();
        }

        // A resource that does not answer yet is no error of the host; its state says so. What the host cannot do it says in one sentence.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning));
    }
}
