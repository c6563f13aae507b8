using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Shabou.Schema.Catalog;
using Shabou.Schema.Released;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Changes;

/// <summary>This build plays the older one: its database is taken to a migration that it does not know.</summary>
public sealed class CompatibilityTests(TestServers servers)
{
    private const string Later = "29990101000000_Later";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_service_stays_ready_and_reads_and_writes_over_a_schema_that_has_grown()
    {
        var database = await MigratedAsync();
        await GrowAsync(database, compatibleFrom: SchemaVersion.Compiled);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(database)).Status);

        await using var context = TestServers.ContextOn(database);
        var read = 0;
        foreach (var entity in context.Model.GetEntityTypes().Where(e => !e.IsOwned()))
        {
            var rows = typeof(CompatibilityTests).GetMethod(nameof(ReadAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(entity.ClrType);
            await (Task)rows.Invoke(null, [context])!;
            read++;
        }
        Assert.True(read > 55);
        var brand = new Brand { Id = Guid.CreateVersion7(), Name = "Older", Slug = "older" };
        context.Add(brand);
        await context.SaveChangesAsync(Cancelled);
        brand.Name = "Old";
        await context.SaveChangesAsync(Cancelled);
        Assert.Equal(1, await context.Brands.Where(b => b.Id == brand.Id && b.Name == "Old").ExecuteDeleteAsync(Cancelled));
    }

    [Fact]
    public async Task An_older_Migrator_changes_nothing_in_a_newer_database_that_its_services_can_use()
    {
        var database = await MigratedAsync();
        await GrowAsync(database, compatibleFrom: SchemaVersion.Compiled);
        await RunAsync(database, $"GRANT SELECT ON catalog.labels TO {Roles.Catalog}");
        var (exitCode, output) = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"The database is at {Later}, newer than {SchemaVersion.Compiled} and compatible with it", output, StringComparison.Ordinal);
        Assert.Equal(true, await RunAsync(database, $"SELECT has_table_privilege('{Roles.Catalog}', 'catalog.labels', 'SELECT')"));
    }

    [Fact]
    public async Task A_service_that_is_too_old_is_not_ready_and_its_Migrator_refuses_in_one_sentence()
    {
        var database = await MigratedAsync();
        await GrowAsync(database, compatibleFrom: Later);
        var result = await CheckAsync(database);
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal($"The database is at migration {Later}, this program was built for {SchemaVersion.Compiled}, and builds before {Later} cannot use it; deploy the matching build.", result.Description);
        var (exitCode, output) = await MigratorProcess.RunAsync(database, demo: false);
        Assert.Equal(1, exitCode);
        Assert.Contains(result.Description!, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_service_is_not_ready_on_an_older_schema_and_an_empty_database_is_none()
    {
        var older = await servers.CreateEmptyDatabaseAsync();
        Assert.Equal($"The database is at migration none, this program was built for {SchemaVersion.Compiled}; run Migrator, or deploy the matching build.", (await CheckAsync(older)).Description);
        await using (var context = TestServers.ContextOn(older)) await context.Database.MigrateAsync("20261121162105_Planning", Cancelled);
        var result = await CheckAsync(older);
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("at migration 20261121162105_Planning, this program was built for", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrator_notes_which_builds_can_use_the_schema_and_the_note_is_in_every_dump()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, demo: false)).ExitCode);
        Assert.Equal($"Builds from migration {Release.Migration} on can use this schema.", await RunAsync(database, "SELECT obj_description('\"__EFMigrationsHistory\"'::regclass)"));
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Username = Roles.Forecast, Password = MigratorProcess.PasswordOf(Roles.Forecast), Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        Assert.Equal(new SchemaState(SchemaVersion.Compiled, Release.Migration), await SchemaVersion.OfAsync(connection, Cancelled));
    }

    private static async Task ReadAsync<T>(ShabouContext context) where T : class => await context.Set<T>().AsNoTracking().Take(1).ToListAsync(Cancelled);

    private async Task<string> MigratedAsync()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);
        return database;
    }

    /// <summary>What a later release may do: a column, a table, an index, and its note.</summary>
    private static async Task GrowAsync(string database, string compatibleFrom) => await RunAsync(database,
        $"""
        ALTER TABLE catalog.brands ADD country char(2); ALTER TABLE catalog.products ADD weight integer NOT NULL DEFAULT 0;
        CREATE TABLE catalog.labels (id uuid PRIMARY KEY, product_id uuid REFERENCES catalog.products ON DELETE CASCADE); CREATE INDEX ON catalog.brands (country);
        INSERT INTO "__EFMigrationsHistory" VALUES ('{Later}', '99'); COMMENT ON TABLE "__EFMigrationsHistory" IS 'Builds from migration {compatibleFrom} on can use this schema.';
        """);

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancelled);
    }

    private static async Task<HealthCheckResult> CheckAsync(string database)
    {
        using var spare = new SpareConnection(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:shabou", database)]).Build());
        return await new SchemaVersionCheck(spare).CheckHealthAsync(new(), Cancelled);
    }
}
