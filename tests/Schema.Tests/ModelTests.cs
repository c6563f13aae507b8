using Microsoft.EntityFrameworkCore;
using Shabou.Testing;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Shabou.Schema.Tests;

public sealed class ModelTests(TestServers servers)
{
    [Fact]
    public async Task Every_change_of_the_model_has_a_migration()
    {
        await using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        Assert.False(context.Database.HasPendingModelChanges(), "Run: dotnet ef migrations add <Name> --project Schema");
    }

    [Fact]
    public async Task Every_migration_has_a_way_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var context = TestServers.ContextOn(await servers.CreateDatabaseAsync());
        var migrations = context.Database.GetMigrations().ToList();

        foreach (var target in migrations.SkipLast(1).Prepend("0").Reverse()) await context.Database.MigrateAsync(target, cancellation);
        Assert.Equal(0, await TablesAsync(context));
        await context.Database.MigrateAsync(cancellation);
        Assert.True(await TablesAsync(context) > 0);
    }

    [Fact]
    public async Task The_migrated_database_is_the_one_the_model_describes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migrated = TestServers.ContextOn(await servers.CreateDatabaseAsync());
        await using var created = TestServers.ContextOn(await servers.CreateEmptyDatabaseAsync());
        await created.Database.EnsureCreatedAsync(cancellation);
        Assert.Equal(await ColumnsAsync(created), await ColumnsAsync(migrated));
        Assert.Equal(await ChecksAsync(created), await ChecksAsync(migrated));
    }

    private static Task<int> TablesAsync(ShabouContext context) => context.Database
        .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public')").SingleAsync();

    private static Task<List<string>> ColumnsAsync(ShabouContext context) => context.Database.SqlQuery<string>($"""
        SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable) AS "Value"
        FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name <> '__EFMigrationsHistory'
            AND EXISTS (SELECT FROM pg_class WHERE oid = format('%I.%I', table_schema, table_name)::regclass AND relkind IN ('r', 'p') AND NOT relispartition)
        ORDER BY 1
        """).ToListAsync();

    private static Task<List<string>> ChecksAsync(ShabouContext context) => context.Database.SqlQuery<string>($"""
        SELECT format('%s.%s %s', n.nspname, c.conname, replace(pg_get_constraintdef(c.oid), ' NOT VALID', ' (not validated)')) AS "Value"
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype = 'c' AND NOT t.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
        """).ToListAsync();
}
