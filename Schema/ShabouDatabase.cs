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
        if (!builder.Environment.IsDevelopment()) RequireVerifiedTls(builder.Configuration.GetConnectionString(ShabouContext.ConnectionName));
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
        builder.Services.AddHealthChecks().AddCheck<SchemaVersionCheck>("schema-version");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddWatchedPassword(builder.Configuration, ShabouContext.ConnectionName);
        builder.Services.AddWatchedSecret("cursor-key", "Cursors:Key");
        builder.Services.AddHostedService<SecretAges.SecretAges>();
        return builder;
    }

    private static void RequireVerifiedTls(string? connectionString)
    {
        if (connectionString is null) return; // refused by its own message when first used
        if (new NpgsqlConnectionStringBuilder(connectionString).SslMode != SslMode.VerifyFull)
            throw new InvalidOperationException(
                "ConnectionStrings:shabou must say 'SSL Mode=VerifyFull' outside Development; add it and 'Root Certificate=<ca.pem>'.");
    }
}
