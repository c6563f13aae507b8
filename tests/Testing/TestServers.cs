using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Schema;
using Xunit;

namespace Shabou.Testing;

/// <summary>A real PostgreSQL and a real Redis, as AppHost composes them, without the services. One per test assembly:
/// <c>[assembly: AssemblyFixture(typeof(TestServers))]</c>.</summary>
public sealed class TestServers : IAsyncLifetime
{
    private const string Template = "shabou_template";
    private DistributedApplication? _app;
    private string _postgres = "";
    private int _databases;

    /// <summary>More than a shop has: many test classes run at once, and each starts services with pools of their own.</summary>
    private const int MaxConnections = 500;

    /// <summary>PostgreSQL writes through to the disk, as in production; without it tests are faster. Set it before the start.</summary>
    public bool IsDurable { get; init; }

    /// <summary>Connection string of Redis, for StackExchange.Redis.</summary>
    public string Redis { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var limit = TimeSpan.FromMinutes(2);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([OwnVolumes.Argument()]);
        foreach (var resource in builder.Resources.Where(r => r is not ParameterResource && r.Name is not ("postgres" or "redis")).ToList())
            builder.Resources.Remove(resource);
        var postgres = builder.CreateResourceBuilder(builder.Resources.OfType<PostgresServerResource>().Single());
        postgres.WithArgs("-c", $"max_connections={MaxConnections}");
        if (IsDurable) postgres.WithArgs("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on");
        _app = await builder.BuildAsync();
        await _app.StartAsync().WaitAsync(limit);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("postgres").WaitAsync(limit);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("redis").WaitAsync(limit);
        _postgres = await _app.GetConnectionStringAsync("postgres") ?? throw new InvalidOperationException("postgres has no connection string.");
        Redis = await _app.GetConnectionStringAsync("redis") ?? throw new InvalidOperationException("redis has no connection string.");

        await RunAsync($"CREATE DATABASE {Template}");
        await using var context = new ShabouContext(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(ConnectionString(Template, pooling: false)).Options);
        await context.Database.MigrateAsync();
    }

    /// <summary>A migrated, empty database of its own, and the superuser's connection string to it. Gone with the server.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        return ConnectionString(name, pooling: true);
    }

    /// <summary>An empty database, for tests that migrate themselves.</summary>
    public async Task<string> CreateEmptyDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"empty_{Interlocked.Increment(ref _databases)}");
        await RunAsync($"CREATE DATABASE {name}");
        return ConnectionString(name, pooling: true);
    }

    /// <summary>A context on a database made by <see cref="CreateDatabaseAsync"/>.</summary>
    public static ShabouContext ContextOn(string connectionString) =>
        new(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(connectionString).Options);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private string ConnectionString(string database, bool pooling) =>
        new NpgsqlConnectionStringBuilder(_postgres)
        {
            // Many test classes have a database each: what one no longer uses, the next may need.
            Database = database, Pooling = pooling, MaxPoolSize = 30, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2,
        }.ConnectionString;

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", pooling: false));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
