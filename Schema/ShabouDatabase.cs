using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.Schema.Connections;
using Shabou.Schema.Passwords;
using Shabou.Schema.Reporting;
using Shabou.Schema.SecretAges;
using Shabou.Schema.Tls;

namespace Shabou.Schema;

/// <summary>How a service gets the database.</summary>
public static class ShabouDatabase
{
    /// <summary>Registers <see cref="ShabouContext"/> (pooled, retrying, with a <see cref="BoundedWait"/>) from <c>ConnectionStrings:shabou</c>, with the health
    /// check <c>schema-version</c>: it answers, and its schema is one that this program was built for or that has only grown since.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Settings of the service's own on top of the configured connection string, such as <c>Options</c> for the planner.</param>
    /// <exception cref="InvalidOperationException">Outside Development the connection is not <c>SSL Mode=VerifyFull</c> with a root certificate that can be read.</exception>
    public static TBuilder AddShabouDatabase<TBuilder>(this TBuilder builder, Action<NpgsqlConnectionStringBuilder>? configure = null) where TBuilder : IHostApplicationBuilder
    {
        builder.AddWatch();
        var driver = new DatabaseDriver(builder.Configuration, configure);
        builder.Services.AddSingleton(driver);
        builder.AddNpgsqlDbContext<ShabouContext>(ShabouContext.ConnectionName,
            settings =>
            {
                if (settings.ConnectionString is { } configured) settings.ConnectionString = driver.Connect(configured);
                settings.DisableRetry = true; // its default waits a minute; a caller wants its 503 sooner
                settings.DisableHealthChecks = true; // schema-version below asks the same and more
            },
            options => driver.Configure(options));
        builder.AddReporting();
        return builder;
    }

    /// <summary>Registers <see cref="ReportingContext"/>, for reports only.</summary>
    private static void AddReporting(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReportingOptions>().BindConfiguration(ReportingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new ReportingDatabase(builder.Configuration, services.GetRequiredService<DatabaseDriver>(), services));
        builder.Services.AddScoped<ReportingContext>();
    }

    /// <summary>Registers one <see cref="NpgsqlDataSource"/> from <c>ConnectionStrings:shabou</c>, with the health check <c>schema-version</c>: for a
    /// program of plain statements. It has no model and no pool but this one.</summary>
    /// <exception cref="InvalidOperationException">Outside Development the connection is not <c>SSL Mode=VerifyFull</c> with a root certificate that can be read.</exception>
    public static TBuilder AddShabouDataSource<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddWatch();
        builder.Services.AddSingleton(services =>
        {
            var configuration = services.GetRequiredService<IConfiguration>();
            var connectionString = BoundedWait.In(configuration.GetConnectionString(ShabouContext.ConnectionName) ?? throw new InvalidOperationException("ConnectionStrings:shabou is missing."));
            return new DatabasePassword(configuration).CanBeReplaced
                ? new NpgsqlDataSourceBuilder(RotatingDataSource.WithoutPassword(connectionString)).UseDatabasePassword(configuration).Build()
                : NpgsqlDataSource.Create(connectionString);
        });
        return builder;
    }

    /// <summary>Whether the database is the right one, and how old the secrets are.</summary>
    private static void AddWatch(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SpareConnection>();
        if (!builder.Environment.IsDevelopment())
        {
            TlsRule.Require(builder.Configuration.GetConnectionString(ShabouContext.ConnectionName));
            builder.Services.AddHostedService<TlsCheck>();
        }
        builder.Services.AddHealthChecks().AddCheck<SchemaVersionCheck>("schema-version");
        builder.Services.AddWatchedPassword(builder.Configuration, ShabouContext.ConnectionName);
        builder.Services.AddWatchedSecret("cursor-key", "Cursors:Key");
        builder.Services.AddHostedService<SecretAges.SecretAges>();
    }
}
