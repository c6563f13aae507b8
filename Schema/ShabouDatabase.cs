using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.Schema.SecretAges;

namespace Shabou.Schema;

/// <summary>How a service gets the database.</summary>
public static class ShabouDatabase
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>Registers <see cref="ShabouContext"/> (pooled, retrying) from <c>ConnectionStrings:shabou</c>, with the health
    /// check <c>schema-version</c>: it answers, and its last migration is the one this program was built for.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Settings of the service's own on top of the configured connection string, such as <c>Options</c> for the planner.</param>
    /// <exception cref="InvalidOperationException">Outside Development the connection is not <c>SSL Mode=VerifyFull</c>.</exception>
    public static TBuilder AddShabouDatabase<TBuilder>(this TBuilder builder, Action<NpgsqlConnectionStringBuilder>? configure = null) where TBuilder : IHostApplicationBuilder
    {
        builder.AddWatch();
        builder.AddNpgsqlDbContext<ShabouContext>(ShabouContext.ConnectionName,
            settings =>
            {
                if (configure is not null && settings.ConnectionString is { } configured)
                {
                    var connection = new NpgsqlConnectionStringBuilder(configured);
                    configure(connection);
                    settings.ConnectionString = connection.ConnectionString;
                }
                settings.DisableRetry = true; // its default waits a minute; a caller wants its 503 sooner
                settings.DisableHealthChecks = true; // schema-version below asks the same and more
            },
            options => options
                .UseNpgsql(npgsql => npgsql.EnableRetryOnFailure(MaxRetries, MaxRetryDelay, errorCodesToAdd: null))
                .AddInterceptors(SqlCommandCounter.Instance));
        return builder;
    }

    /// <summary>Registers one <see cref="NpgsqlDataSource"/> from <c>ConnectionStrings:shabou</c>, with the health check <c>schema-version</c>: for a
    /// program of plain statements. It has no model and no pool but this one.</summary>
    /// <exception cref="InvalidOperationException">Outside Development the connection is not <c>SSL Mode=VerifyFull</c>.</exception>
    public static TBuilder AddShabouDataSource<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddWatch();
        builder.Services.AddSingleton(services => NpgsqlDataSource.Create(
            services.GetRequiredService<IConfiguration>().GetConnectionString(ShabouContext.ConnectionName) ?? throw new InvalidOperationException("ConnectionStrings:shabou is missing.")));
        return builder;
    }

    /// <summary>Whether the database is the right one, and how old the secrets are.</summary>
    private static void AddWatch(this IHostApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment()) RequireVerifiedTls(builder.Configuration.GetConnectionString(ShabouContext.ConnectionName));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SpareConnection>();
        builder.Services.AddHealthChecks().AddCheck<SchemaVersionCheck>("schema-version");
        builder.Services.AddWatchedPassword(builder.Configuration, ShabouContext.ConnectionName);
        builder.Services.AddWatchedSecret("cursor-key", "Cursors:Key");
        builder.Services.AddHostedService<SecretAges.SecretAges>();
    }

    private static void RequireVerifiedTls(string? connectionString)
    {
        if (connectionString is null) return; // refused by its own message when first used
        if (new NpgsqlConnectionStringBuilder(connectionString).SslMode != SslMode.VerifyFull)
            throw new InvalidOperationException(
                "ConnectionStrings:shabou must say 'SSL Mode=VerifyFull' outside Development; add it and 'Root Certificate=<ca.pem>'.");
    }
}
