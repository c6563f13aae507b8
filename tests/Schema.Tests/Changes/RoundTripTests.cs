using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Changes;

public sealed class RoundTripTests(TestServers servers)
{
    /// <summary>Migrations that rightly move rows, and the tables in which they make some on the way up; what they made may stay on the way down, and none is lost.</summary>
    private static readonly Dictionary<string, string[]> Moving = new()
    {
        ["CatalogTriggers"] = ["catalog.assortments", "catalog.price_changes", "catalog.reference_numbers", "catalog.search_words", "ops.audit_entries"], // made of the parts that are there
        ["WorkQueue"] = ["jobs.jobs", "jobs.finished_jobs", "jobs.job_keys"], // finished jobs leave the hot table
        ["LeadTriggers"] = ["prospector.lead_places", "ops.lead_stage_changes", "ops.audit_entries"], // each lead's place and first stage, each campaign's number of searches
    };

    /// <summary>What a way back cannot keep, because the schema before had no place for it.</summary>
    private static readonly Dictionary<string, string[]> Lost = new()
    {
        ["WorkQueue"] = ["jobs.job_keys"], // hashes, where the schema before had texts: a job that is submitted again is done again
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_migration_goes_up_down_and_up_again_over_real_rows_and_loses_none()
    {
        await using var context = TestServers.ContextOn(new NpgsqlConnectionStringBuilder(await servers.CreateEmptyDatabaseAsync()) { Pooling = false }.ConnectionString);
        var migrator = context.GetService<IMigrator>();
        var before = (Id: Migration.InitialDatabase, Rows: new SortedDictionary<string, long>(StringComparer.Ordinal));
        foreach (var id in context.Database.GetMigrations())
        {
            var name = id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..];
            var (moved, lost) = (Moving.GetValueOrDefault(name, []), Lost.GetValueOrDefault(name, []));
            await migrator.MigrateAsync(id, Cancelled);
            var up = await CountAsync(context);
            Assert.All(before.Rows, table => Assert.True(moved.Contains(table.Key) || up[table.Key] == table.Value, $"{id} up: {table.Key} had {table.Value} rows and has {up[table.Key]}"));

            await migrator.MigrateAsync(before.Id, Cancelled);
            var down = await CountAsync(context);
            Assert.All(before.Rows, table => Assert.True(down[table.Key] == table.Value || (moved.Contains(table.Key) && down[table.Key] > table.Value), $"{id} down: {table.Key} had {table.Value} rows and has {down[table.Key]}"));
            Assert.Equal(before.Rows.Keys, down.Keys);
            await migrator.MigrateAsync(id, Cancelled);
            Assert.Equal(Lines(up, lost), Lines(await CountAsync(context), lost));

            if (Seeds.Of(id) is { } seed) await RunAsync(context, seed);
            before = (id, await CountAsync(context));
        }
        Assert.All(before.Rows, table => Assert.True(table.Value > 0, $"{table.Key} has no rows: add some to tests/Schema.Tests/Changes/Seeds")); // an empty table proves nothing
    }

    [Fact]
    public async Task From_the_last_migration_back_to_the_last_release_and_forth_no_row_is_lost()
    {
        await using var context = TestServers.ContextOn(new NpgsqlConnectionStringBuilder(await servers.CreateEmptyDatabaseAsync()) { Pooling = false }.ConnectionString);
        var migrator = context.GetService<IMigrator>();
        foreach (var id in context.Database.GetMigrations())
        {
            await migrator.MigrateAsync(id, Cancelled);
            if (Seeds.Of(id) is { } seed) await RunAsync(context, seed);
        }
        var last = await CountAsync(context);
        await migrator.MigrateAsync(Released.Release.Migration, Cancelled);
        var released = await CountAsync(context);
        Assert.All(released, table => Assert.Equal(last[table.Key], table.Value));
        await migrator.MigrateAsync(cancellationToken: Cancelled);
        Assert.All(await CountAsync(context), table => Assert.True(table.Value == last[table.Key] || !released.ContainsKey(table.Key), table.Key));
    }

    private static IEnumerable<string> Lines(SortedDictionary<string, long> rows, string[] but) => rows.Where(table => !but.Contains(table.Key)).Select(table => $"{table.Key} {table.Value}");

    private static async Task RunAsync(ShabouContext context, string sql)
    {
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await context.Database.OpenConnectionAsync(Cancelled);
        await command.ExecuteNonQueryAsync(Cancelled);
        await context.Database.CloseConnectionAsync();
    }

    private static async Task<SortedDictionary<string, long>> CountAsync(ShabouContext context)
    {
        var rows = await context.Database.SqlQuery<Rows>($"""
            SELECT n.nspname || '.' || c.relname AS "Name",
                (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::bigint AS "Count"
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', 'public')
            """).ToListAsync(Cancelled);
        return new(rows.ToDictionary(row => row.Name, row => row.Count), StringComparer.Ordinal);
    }

    private sealed record Rows(string Name, long Count);
}
