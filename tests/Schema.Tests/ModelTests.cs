using Microsoft.EntityFrameworkCore;
using Shabou.Testing;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Shabou.Schema.Tests;

public sealed class ModelTests(TestServers servers)
{
    /// <summary>Given to the rows that were there when a required column came; services say the value themselves.</summary>
    private static readonly string[] DefaultsOfMigrations =
    [
        "catalog.brands search character varying(200) NOT NULL DEFAULT ''::character varying",
        "catalog.products base_price numeric(18,3) NOT NULL DEFAULT 0.0",
        "catalog.products card text NOT NULL DEFAULT ''::text",
        "jobs.jobs cancel_requested boolean NOT NULL DEFAULT false",
        "jobs.jobs redrives integer NOT NULL DEFAULT 0",
    ];

    // What the model has no word for: made by migrations in SQL.
    private static readonly string[] ConstraintsByHand =
    [
        "prospector.contact_consents ux_contact_consents_active UNIQUE (id, lead_id, contact_hash, active)",
        "prospector.lead_contacts fk_lead_contacts_active_consent FOREIGN KEY (consent_id, lead_id, hash, needs_active_consent) REFERENCES prospector.contact_consents(id, lead_id, contact_hash, active)",
    ];

    private static readonly string[] IndexesByHand =
    [
        "CREATE INDEX ix_products_price_amount_id ON catalog.products USING btree (price_amount, id)",
        "CREATE UNIQUE INDEX ux_contact_consents_active ON prospector.contact_consents USING btree (id, lead_id, contact_hash, active)",
    ];

    /// <summary>Indexes of the model that a migration tuned.</summary>
    private static readonly Dictionary<string, string> Tuned = new()
    {
        ["CREATE INDEX ix_products_lexemes ON catalog.products USING gin (lexemes)"] = "CREATE INDEX ix_products_lexemes ON catalog.products USING gin (lexemes) WITH (gin_pending_list_limit='16384')",
        ["CREATE INDEX ix_search_words_trigrams ON catalog.search_words USING gist (word gist_trgm_ops)"] = "CREATE INDEX ix_search_words_trigrams ON catalog.search_words USING gist (word gist_trgm_ops (siglen='64'))",
    };

    private static readonly string[] Triggers =
    [
        .. Of("catalog.products", "audit_created", "audit_deleted", "audit_updated", "prices_of_changed", "prices_of_new", "render", "words_of_changed", "words_of_new"),
        .. Of("catalog.brands", "audit_created", "audit_deleted", "audit_updated", "render_again", "words_of_changed", "words_of_new"),
        .. Of("catalog.categories", "audit_created", "audit_deleted", "audit_updated", "render_again"),
        .. Of("catalog.suppliers", "audit_created", "audit_deleted", "audit_updated"),
        .. Of("catalog.vehicles", "audit_created", "audit_deleted", "audit_updated"),
        .. Of("catalog.warehouses", "audit_created", "audit_deleted", "audit_updated"),
        .. Of("jobs.jobs", "say_dead", "say_new"),
        .. Of("ops.alerts", "send"),
        .. Of("prospector.budget_switch", "record_change"),
        .. Of("prospector.campaigns", "audit"),
        .. Of("prospector.leads", "audit", "stage_changed", "stage_of_new"),
        .. Of("prospector.suppressions", "audit"),
    ];

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
        var columns = (await ColumnsAsync(created)).Select(column => DefaultsOfMigrations.SingleOrDefault(with => with.StartsWith($"{column} DEFAULT", StringComparison.Ordinal)) ?? column);
        Same(columns, await ColumnsAsync(migrated));
        Same((await ConstraintsAsync(created)).Concat(ConstraintsByHand), await ConstraintsAsync(migrated));
        Same((await IndexesAsync(created)).Select(index => Tuned.GetValueOrDefault(index, index)).Concat(IndexesByHand), await IndexesAsync(migrated));
        Same([], await TriggersAsync(created)); // the model has no word for them
        Same(Triggers, await TriggersAsync(migrated));
    }

    private static IEnumerable<string> Of(string table, params string[] triggers) => triggers.Select(trigger => $"{table} {trigger}");

    private static void Same(IEnumerable<string> model, List<string> database)
    {
        var said = model.ToList();
        var differences = said.Except(database).Select(line => $"only in the model: {line}").Concat(database.Except(said).Select(line => $"only in the database: {line}")).ToList();
        Assert.True(differences.Count == 0 && said.Count == database.Count, string.Join('\n', differences));
    }

    private static Task<int> TablesAsync(ShabouContext context) => context.Database
        .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public')").SingleAsync();

    private static Task<List<string>> ColumnsAsync(ShabouContext context) => context.Database.SqlQuery<string>($"""
        SELECT concat_ws(' ', n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
            CASE a.attgenerated WHEN '' THEN 'DEFAULT ' ELSE 'GENERATED ' END || pg_get_expr(d.adbin, d.adrelid), CASE a.attidentity WHEN '' THEN NULL WHEN 'a' THEN 'IDENTITY ALWAYS' ELSE 'IDENTITY' END, 'COLLATE ' || o.collname) AS "Value"
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_collation o ON o.oid = a.attcollation AND o.collname <> 'default'
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relname <> '__EFMigrationsHistory'
        ORDER BY 1
        """).ToListAsync();

    /// <summary>Keys, uniques, foreign keys and checks; a NOT NULL is its column's.</summary>
    private static Task<List<string>> ConstraintsAsync(ShabouContext context) => context.Database.SqlQuery<string>($"""
        SELECT format('%s.%s %s %s', n.nspname, t.relname, c.conname, replace(pg_get_constraintdef(c.oid), ' NOT VALID', ' (not validated)')) AS "Value"
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype <> 'n' AND NOT t.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND t.relname <> '__EFMigrationsHistory' ORDER BY 1
        """).ToListAsync();

    private static Task<List<string>> IndexesAsync(ShabouContext context) => context.Database.SqlQuery<string>($"""
        SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') || CASE WHEN i.indisvalid THEN '' ELSE ' (not valid)' END AS "Value"
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE NOT t.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND t.relname <> '__EFMigrationsHistory' ORDER BY 1
        """).ToListAsync();

    private static Task<List<string>> TriggersAsync(ShabouContext context) => context.Database.SqlQuery<string>($"""
        SELECT format('%s.%s %s', n.nspname, t.relname, g.tgname) || CASE g.tgenabled WHEN 'O' THEN '' ELSE ' (off)' END AS "Value"
        FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE NOT g.tgisinternal AND NOT t.relispartition ORDER BY 1
        """).ToListAsync();
}
