using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Shabou.Schema.Released;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Changes;

public sealed class ExpandOnlyTests
{
    private const string Provider = "Npgsql.EntityFrameworkCore.PostgreSQL";

    [Fact]
    public void No_migration_since_the_last_release_takes_anything_from_its_services()
    {
        using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        var check = new ExpandOnly(ReleasedModel(context), Release.Unused, [.. Release.Kept.Keys], [.. Release.Taken.Keys]);
        var since = Compiled().Where(m => string.CompareOrdinal(m.Id, Release.Migration) > 0);
        var objections = since.SelectMany(m => check.Objections(m.Id, m.Migration.UpOperations)).ToList();
        Assert.True(objections.Count == 0, string.Join('\n', objections));
    }

    [Fact]
    public void Each_exception_has_its_reason_and_its_object()
    {
        using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        var released = ReleasedModel(context);
        Assert.All(Release.Kept.Concat(Release.Taken), kept => Assert.True(kept.Value.Length > 10, kept.Key));
        var statements = Compiled().SelectMany(m => m.Migration.UpOperations).OfType<SqlOperation>().SelectMany(o => ExpandOnly.Statements(o.Sql)).ToHashSet();
        Assert.All(Release.Taken.Keys, statement => Assert.Contains(statement, statements));
        Assert.All(Release.Unused, name => Assert.True(name.Split('.') is [var schema, var table, .. var column] && released.Tables.Any(t => t.Schema == schema && t.Name == table && (column is [] || t.Columns.Any(c => c.Name == column[0]))), name));
    }

    [Fact]
    public void A_rename_in_one_step_is_refused_by_a_sentence_that_names_it()
    {
        var objection = Assert.Single(Objections(new RenameInOneStep()));
        Assert.Equal("Sample: catalog.products.oe_number is renamed; let one release stop using it first, then add it to Schema/Released/Release.cs.", objection);
    }

    [Theory]
    [InlineData("catalog.search_words is dropped")]
    [InlineData("catalog.products.gtin is dropped")]
    [InlineData("catalog.products.gtin becomes required")]
    [InlineData("catalog.products.sku becomes shorter")]
    [InlineData("catalog.products.price_amount changes from numeric to integer")]
    [InlineData("catalog.products.weight is required and has no default")]
    [InlineData("the constraint ck_products_dear of catalog.products may refuse")]
    [InlineData("the constraint ix_products_name_fr of catalog.products may refuse")]
    [InlineData("the unique index ix_products_sku, on which upserts rely, is dropped")]
    [InlineData("'ALTER TABLE catalog.products DROP COLUMN name_en' takes something away")]
    [InlineData("the constraint ck_products_cheap may refuse")]
    public void What_takes_something_away_or_demands_more_is_refused(string sentence)
    {
        var objections = Objections(new TakeAway()).ToList();
        Assert.Equal(11, objections.Count);
        Assert.Contains(objections, objection => objection.Contains(sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ALTER TABLE catalog.products RENAME TO parts")]
    [InlineData("ALTER TABLE catalog.products RENAME oe_number TO maker_number")]
    [InlineData("ALTER TABLE catalog.products DROP name_en")]
    [InlineData("ALTER TABLE catalog.products DROP CONSTRAINT pk_products CASCADE")]
    [InlineData("ALTER TABLE catalog.products ALTER COLUMN \"sku\" TYPE char(3)")]
    [InlineData("ALTER TABLE catalog.products ALTER sku SET DATA TYPE char(3)")]
    [InlineData("ALTER TABLE catalog.products ALTER COLUMN gtin SET NOT NULL")]
    [InlineData("ALTER TABLE catalog.products ALTER COLUMN created_at DROP DEFAULT")]
    [InlineData("ALTER TABLE catalog.products SET SCHEMA ops")]
    [InlineData("ALTER TABLE catalog.products DISABLE TRIGGER render")]
    [InlineData("ALTER TABLE jobs.finished_jobs DETACH PARTITION jobs.finished_jobs_rest")]
    [InlineData("ALTER FUNCTION ops.send_alert() RENAME TO send")]
    [InlineData("drop index catalog.ix_products_sku")]
    [InlineData("DROP TRIGGER render ON catalog.products")]
    [InlineData("DROP MATERIALIZED VIEW catalog.shop")]
    [InlineData("DROP SEQUENCE catalog.price_list_numbers")]
    [InlineData("DROP FUNCTION IF EXISTS ops.let_go()")]
    [InlineData("TRUNCATE catalog.fitments")]
    [InlineData("SELECT 1; /* it's */ DROP\n  TABLE -- all of it\n catalog.products", "DROP TABLE catalog.products")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DO $$ BEGIN EXECUTE 'DROP VIEW v'; END $$", "DO $$ BEGIN EXECUTE 'DROP VIEW v'")]
    public void A_raw_statement_that_takes_something_away_is_refused_until_it_is_listed(string sql, string? statement = null)
    {
        Assert.Equal($"Sample: the statement '{statement ?? sql}' takes something away that cannot be checked; let one release stop using it first, then add it to Schema/Released/Release.cs.", Assert.Single(Objections(new Raw(sql))));
        Assert.Equal([], Objections(new Raw(sql), taken: statement ?? sql));
    }

    [Theory]
    [InlineData("ALTER TABLE catalog.products ADD CHECK (price_amount > 1)")]
    [InlineData("ALTER TABLE catalog.products ADD CONSTRAINT \"ck_quoted\" CHECK (price_amount > 1)")]
    [InlineData("ALTER TABLE catalog.products ADD UNIQUE (name_fr)")]
    [InlineData("CREATE UNIQUE INDEX ix_dear ON catalog.products (name_fr)")]
    [InlineData("CREATE UNIQUE INDEX ON catalog.products (name_fr)")]
    [InlineData("ALTER TABLE catalog.products ADD weight integer NOT NULL")]
    public void A_raw_statement_that_demands_more_is_refused(string sql) => Assert.EndsWith(
        "may refuse what the last release writes; let one release stop using it first, then add it to Schema/Released/Release.cs.", Assert.Single(Objections(new Raw(sql))), StringComparison.Ordinal);

    [Theory]
    [InlineData("CREATE FUNCTION catalog.sweep() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN DROP TABLE catalog.old; END $body$; -- it doesn't drop now")]
    [InlineData("COMMENT ON TABLE catalog.products IS 'Nothing to drop; nor to rename'")]
    [InlineData("ALTER TABLE catalog.products ADD weight integer NOT NULL DEFAULT 0, ADD colour text; ALTER TABLE catalog.products ADD height integer DEFAULT 0 NOT NULL")]
    [InlineData("CREATE INDEX ix_products_weight ON catalog.products (price_amount); ALTER TEXT SEARCH CONFIGURATION catalog.shop ALTER MAPPING FOR word WITH simple")]
    public void A_raw_statement_that_grows_is_accepted(string sql) => Assert.Equal([], Objections(new Raw(sql)));

    [Fact]
    public void Two_steps_with_a_release_between_are_accepted()
    {
        Assert.Equal([], Objections(new AddBeside(), kept: "ck_products_kept"));
        Assert.Single(Objections(new DropTheOld()));
        Assert.Equal([], Objections(new DropTheOld(), unused: "catalog.products.oe_number"));
    }

    private static List<string> Objections(Migration sample, string? unused = null, string? kept = null, string? taken = null)
    {
        using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        sample.ActiveProvider = Provider;
        return [.. new ExpandOnly(ReleasedModel(context), unused is null ? [] : [unused], kept is null ? [] : [kept], taken is null ? [] : [taken]).Objections("Sample", sample.UpOperations)];
    }

    private static IRelationalModel ReleasedModel(ShabouContext context)
    {
        var model = Compiled().Single(m => m.Id == Release.Migration).Migration.TargetModel;
        return context.GetService<IModelRuntimeInitializer>().Initialize(((IMutableModel)model).FinalizeModel(), designTime: true).GetRelationalModel();
    }

    private static IEnumerable<(string Id, Migration Migration)> Compiled() =>
        from type in typeof(ShabouContext).Assembly.GetTypes()
        let id = type.GetCustomAttribute<MigrationAttribute>()?.Id
        where id is not null
        let migration = (Migration)Activator.CreateInstance(type)!
        let active = migration.ActiveProvider = Provider
        select (id, migration);
}
