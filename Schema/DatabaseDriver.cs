using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using Shabou.Schema.Connections;
using Shabou.Schema.Passwords;

namespace Shabou.Schema;

/// <summary>How every context of this process uses the driver: what is set alike makes them share one model, and one pool where they connect alike.</summary>
internal sealed class DatabaseDriver
{
    private static readonly string[] s_replacedInThatMoment = [PostgresErrorCodes.InvalidPassword];

    private readonly Action<NpgsqlConnectionStringBuilder>? _connect;
    private readonly Action<NpgsqlDbContextOptionsBuilder> _configure;
    private readonly bool _rotating;

    /// <param name="configuration">Of this process.</param>
    /// <param name="connect">Settings of the service's own on top of the configured connection string.</param>
    public DatabaseDriver(IConfiguration configuration, Action<NpgsqlConnectionStringBuilder>? connect)
    {
        _connect = connect;
        _rotating = new DatabasePassword(configuration).CanBeReplaced;
        Action<NpgsqlDataSourceBuilder> rotate = source => source.UseDatabasePassword(configuration); // one for all: each other one would be another model
        _configure = npgsql =>
        {
            npgsql.ExecutionStrategy(dependencies => new BriefRetries(dependencies, _rotating ? s_replacedInThatMoment : null));
            if (_rotating) npgsql.ConfigureDataSource(rotate);
        };
    }

    /// <summary>What the driver is given for a configured connection string.</summary>
    public string Connect(string configured, Action<NpgsqlConnectionStringBuilder>? more = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(BoundedWait.In(configured));
        _connect?.Invoke(connection);
        more?.Invoke(connection);
        return _rotating ? RotatingDataSource.WithoutPassword(connection.ConnectionString) : connection.ConnectionString;
    }

    /// <summary>Uses the driver, with the connection string that is already there unless one is given.</summary>
    public DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, string? connectionString = null) =>
        (connectionString is null ? options.UseNpgsql(_configure) : options.UseNpgsql(connectionString, _configure)).AddInterceptors(SqlCommandCounter.Instance, AsyncOnly.Instance);
}
