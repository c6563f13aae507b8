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
    public async Task Reservations_go_a_year_after_their_end_and_errors_of_price_lists_after_ninety_days()
    {
        await using var context = TestServers.ContextOn(await servers.CreateDatabaseAsync());
        await context.Database.ExecuteSqlRawAsync("""
            INSERT INTO catalog.brands (id, name, slug) VALUES ('00000000-0000-7000-8000-000000000011', 'Bosch', 'bosch');
            INSERT INTO catalog.categories (id, name_fr, name_ar, slug, path) VALUES ('00000000-0000-7000-8000-000000000021', 'Freinage', 'فرامل', 'freinage', 'freinage/');
            INSERT INTO catalog.products (id, sku, name_fr, name_ar, brand_id, category_id, vat_rate, search, created_at, updated_at, price_amount, price_currency) VALUES
                ('00000000-0000-7000-8000-000000000101', 'SKU-1', 'Disque', 'قرص', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000021', 19, 'disque', now(), now(), 100, 'TND');
            INSERT INTO catalog.warehouses (id, slug, name) VALUES ('00000000-0000-7000-8000-000000000092', 'tunis', 'Tunis');
            INSERT INTO catalog.stock_levels (product_id, warehouse_id, on_hand, reserved) VALUES ('00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000092', 100, 1);
            INSERT INTO catalog.stock_reservations (id, product_id, warehouse_id, quantity, state, reference, expires_at, created_at, created_by, ended_at)
                SELECT gen_random_uuid(), '00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000092', 1, state, d::text, now() - interval '300 days', now() - interval '400 days', 'me',
                    CASE WHEN state <> 'Held' THEN now() - make_interval(days => d) END
                FROM (VALUES ('Released', 364), ('Expired', 364), ('Fulfilled', 364), ('Released', 366), ('Expired', 366), ('Fulfilled', 366), ('Held', 400)) AS r (state, d);
            INSERT INTO catalog.suppliers (id, slug, name) VALUES ('00000000-0000-7000-8000-000000000081', 'sotupieces', 'Sotupièces');
            INSERT INTO catalog.price_lists (id, supplier_id, state, on_error, dry_run, rows_read, rows_applied, rows_refused, created_at, created_by)
                SELECT gen_random_uuid(), '00000000-0000-7000-8000-000000000081', 'Refused', 'RejectAll', false, 1, 0, 1, now() - make_interval(days => d), 'me' FROM generate_series(88, 92) d;
            INSERT INTO catalog.price_list_errors (price_list_id, line, field, reason) SELECT id, 2, 'sku', 'Unknown.' FROM catalog.price_lists;
            """, Cancelled);
        var gone = await context.Database.SqlQuery<string>($"SELECT name || ' ' || gone AS \"Value\" FROM ops.let_go() WHERE gone > 0").ToListAsync(Cancelled);
        Assert.Equal(["catalog.stock_reservations 3", "catalog.price_list_errors 3"], gone);
        var reservations = await context.StockReservations.Select(r => $"{r.State} {r.Reference}").ToListAsync(Cancelled);
        Assert.Equal(["Expired 364", "Fulfilled 364", "Held 400", "Released 364"], reservations.Order(StringComparer.Ordinal));
        Assert.Equal((2, 5), (await context.PriceListErrors.CountAsync(Cancelled), await context.Set<Catalog.PriceList>().CountAsync(Cancelled)));
    }

    [Fact]
    public async Task What_the_nightly_function_lets_go_is_what_the_list_says_of_it()
    {
        await using var context = TestServers.ContextOn(await servers.CreateDatabaseAsync());
        var names = await context.Database.SqlQuery<string>($"SELECT name AS \"Value\" FROM ops.let_go()").ToListAsync(Cancelled);
        Assert.Equal(TableLives.All.Where(life => life.How.Contains("ops.let_go", StringComparison.Ordinal)).Select(life => life.Table).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        var body = await context.Database.SqlQuery<string>($"SELECT pg_get_functiondef('ops.let_go()'::regprocedure) AS \"Value\"").SingleAsync(Cancelled);
        Assert.All(TableLives.All.Where(life => names.Contains(life.Table)), life => Assert.Matches($@"DELETE FROM {life.Table} [^;]*< now\(\) - interval '{life.Kept!.Value.Days} days'", body));
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
