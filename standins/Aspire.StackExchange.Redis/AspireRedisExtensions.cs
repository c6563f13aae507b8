using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";
    private const string HealthCheckName = "StackExchange.Redis";

    /// <summary>Registers <see cref="IConnectionMultiplexer"/> as a singleton, made on first use, that keeps trying while Redis is away.</summary>
    /// <remarks>Settings are read from the section of the package, then of the connection, then from ConnectionStrings, then from the
    /// callback; later ones win. A missing connection string is an error only when the connection is asked for.</remarks>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var section = builder.Configuration.GetSection(Section);
        var named = section.GetSection(connectionName);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        named.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IOptionsFactory<ConfigurationOptions>>(services => new ConfigurationOptionsFactory(
            settings,
            services.GetServices<IConfigureOptions<ConfigurationOptions>>(),
            services.GetServices<IPostConfigureOptions<ConfigurationOptions>>()));
        builder.Services.Configure<ConfigurationOptions>(options =>
        {
            section.GetSection("ConfigurationOptions").Bind(options);
            named.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
        });
        builder.Services.AddSingleton<IConnectionMultiplexer>(services => Connect(services, connectionName));
        if (!settings.DisableAutoActivation)
        {
            builder.Services.AddHostedService<Activation>();
        }

        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{HealthCheckName}", true))
        {
            builder.Services.AddHealthChecks().AddCheck<RedisCheck>(HealthCheckName);
        }
    }

    private static ConnectionMultiplexer Connect(IServiceProvider services, string connectionName)
    {
        var options = services.GetRequiredService<IOptions<ConfigurationOptions>>().Value;
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' or for the '{Section}:ConnectionString' configuration key.");
        }

        options.LoggerFactory ??= services.GetService<ILoggerFactory>();
        return ConnectionMultiplexer.Connect(options);
    }

    /// <summary>Makes the options from the connection string, so that configuration and callbacks come on top of it.</summary>
    private sealed class ConfigurationOptionsFactory(
        StackExchangeRedisSettings settings,
        IEnumerable<IConfigureOptions<ConfigurationOptions>> setups,
        IEnumerable<IPostConfigureOptions<ConfigurationOptions>> postConfigures) : OptionsFactory<ConfigurationOptions>(setups, postConfigures)
    {
        protected override ConfigurationOptions CreateInstance(string name)
        {
            var options = settings.ConnectionString is { } text ? ConfigurationOptions.Parse(text) : base.CreateInstance(name);
            options.Defaults = new KeepTrying();
            return options;
        }

        private sealed class KeepTrying : global::StackExchange.Redis.Configuration.DefaultOptionsProvider
        {
            public override bool AbortOnConnectFail => false;
        }
    }

    private sealed class Activation(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = services.GetRequiredService<IConnectionMultiplexer>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class RedisCheck(IServiceProvider services) : IHealthCheck
    {
        // The connection is asked for here, not injected: making it may fail, and that is an answer too.
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                return HealthCheckResult.Healthy();
            }
            catch (Exception error)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception: error);
            }
        }
    }
}
