using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
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
        var check = new ExpandOnly(ReleasedModel(context), Release.Unused, [.. Release.Kept.Keys]);
        var since = Compiled().Where(m => string.CompareOrdinal(m.Id, Release.Migration) > 0);
        Assert.Equal([], since.SelectMany(m => check.Objections(m.Id, m.Migration.UpOperations)));
    }

    [Fact]
    public void Each_exception_has_its_reason_and_its_object()
    {
        using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        var released = ReleasedModel(context);
        Assert.All(Release.Kept, kept => Assert.True(kept.Value.Length > 10, kept.Key));
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
    [InlineData("'DROP COLUMN name_en' takes something away")]
    [InlineData("the constraint ck_products_cheap may refuse")]
    public void What_takes_something_away_or_demands_more_is_refused(string sentence)
    {
        var objections = Objections(new TakeAway()).ToList();
        Assert.Equal(11, objections.Count);
        Assert.Contains(objections, objection => objection.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_steps_with_a_release_between_are_accepted()
    {
        Assert.Equal([], Objections(new AddBeside(), kept: "ck_products_kept"));
        Assert.Single(Objections(new DropTheOld()));
        Assert.Equal([], Objections(new DropTheOld(), unused: "catalog.products.oe_number"));
    }

    private static List<string> Objections(Migration sample, string? unused = null, string? kept = null)
    {
        using var context = TestServers.ContextOn("Host=localhost;Database=never-opened");
        sample.ActiveProvider = Provider;
        return [.. new ExpandOnly(ReleasedModel(context), unused is null ? [] : [unused], kept is null ? [] : [kept]).Objections("Sample", sample.UpOperations)];
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
