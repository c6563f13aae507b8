using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Retention;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class TableLifeTests(TestServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_table_of_the_database_says_how_long_its_rows_stay()
    {
        await using var context = TestServers.ContextOn(await servers.CreateDatabaseAsync());
        var tables = await context.Database.SqlQuery<string>($"""
            SELECT schemaname || '.' || tablename AS "Value" FROM pg_tables t JOIN pg_class c ON c.oid = (quote_ident(schemaname) || '.' || quote_ident(tablename))::regclass
            WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> '__EFMigrationsHistory' AND NOT relispartition
            """).ToListAsync(Cancelled);
        Assert.Equal(tables.Order(StringComparer.Ordinal), TableLives.All.Select(life => life.Table).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_grows_for_ever_has_a_reason_and_what_goes_has_a_time_or_a_measure()
    {
        Assert.All(TableLives.All, life => Assert.NotEmpty(life.How));
        Assert.All(TableLives.All.Where(life => life.Growth is Growth.Archived), life => Assert.NotNull(life.Kept));
        Assert.All(TableLives.All.Where(life => life.Growth is Growth.Kept or Growth.Bounded), life => Assert.Null(life.Kept));
    }

    [Fact]
    public async Task Old_alerts_heartbeats_and_reports_go_and_young_ones_stay()
    {
        await using var context = TestServers.ContextOn(await servers.CreateDatabaseAsync());
        await context.Database.ExecuteSqlRawAsync("""
            INSERT INTO ops.alerts (id, kind, subject, severity, summary, created_at, attempts) SELECT gen_random_uuid(), 'test', d::text, 'Info', 'x', now() - make_interval(days => d), 0 FROM generate_series(360, 370) d;
            INSERT INTO ops.heartbeats (instance, at) SELECT 'old' || d, now() - make_interval(days => d) FROM generate_series(28, 32) d;
            INSERT INTO ops.alert_rule_states (rule, subject, firing, changed_at) VALUES ('a', 'old', false, now() - interval '400 days'), ('a', 'firing', true, now() - interval '400 days')
            """, Cancelled);
        await context.Database.ExecuteSqlRawAsync("SELECT ops.let_go()", Cancelled);
        Assert.Equal((5, 2, 1), (await context.Alerts.CountAsync(Cancelled), await context.Heartbeats.CountAsync(Cancelled), await context.AlertRuleStates.CountAsync(Cancelled)));
    }
}
