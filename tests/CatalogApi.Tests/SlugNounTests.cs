using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Shabou.CatalogApi.Tests;

public sealed class SlugNounTests(Catalog catalog) : IClassFixture<Catalog>
{
    public static TheoryData<string> Nouns => ["brands", "categories", "suppliers", "warehouses"];

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task A_row_is_created_read_renamed_and_deleted(string noun)
    {
        using var created = await catalog.Client.SendAsync(HttpMethod.Post, $"/api/v1/{noun}", Body(noun, "first-name", "Premier"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/api/v1/{noun}/first-name", created.Headers.Location!.OriginalString);
        var read = await catalog.Client.SendAsync(HttpMethod.Get, created.Headers.Location.OriginalString);
        Assert.Equal(created.Headers.ETag, read.Headers.ETag);
        Assert.Equal((await created.JsonAsync()).GetRawText(), (await read.JsonAsync()).GetRawText());

        using var renamed = await catalog.Client.SendAsync(HttpMethod.Put, $"/api/v1/{noun}/first-name", Body(noun, "second-name", "Second"), created.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.NotEqual(created.Headers.ETag, renamed.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotFound, await catalog.Client.StatusAsync(HttpMethod.Get, $"/api/v1/{noun}/first-name"));
        var listed = (await catalog.Client.JsonAsync($"/api/v1/{noun}")).GetProperty("items").EnumerateArray().Single(r => r.GetProperty("slug").GetString() == "second-name");
        Assert.Contains("Second", listed.GetRawText(), StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode)428, await catalog.Client.StatusAsync(HttpMethod.Delete, $"/api/v1/{noun}/second-name"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await catalog.Client.StatusAsync(HttpMethod.Delete, $"/api/v1/{noun}/second-name", null, created.Headers.ETag.Tag));
        Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Delete, $"/api/v1/{noun}/second-name", null, renamed.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotFound, await catalog.Client.StatusAsync(HttpMethod.Delete, $"/api/v1/{noun}/second-name", null, "*"));
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task An_update_needs_the_version_it_read(string noun)
    {
        using var created = await catalog.Client.SendAsync(HttpMethod.Post, $"/api/v1/{noun}", Body(noun, "versioned", "Nom"));
        var tag = created.Headers.ETag!.Tag;
        Assert.Equal((HttpStatusCode)428, await catalog.Client.StatusAsync(HttpMethod.Put, $"/api/v1/{noun}/versioned", Body(noun, "versioned", "Nom 2")));
        Assert.Equal(HttpStatusCode.OK, await catalog.Client.StatusAsync(HttpMethod.Put, $"/api/v1/{noun}/versioned", Body(noun, "versioned", "Nom 2"), tag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await catalog.Client.StatusAsync(HttpMethod.Put, $"/api/v1/{noun}/versioned", Body(noun, "versioned", "Nom 3"), tag));
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task A_slug_is_used_once(string noun)
    {
        Assert.Equal(HttpStatusCode.Created, await catalog.Client.StatusAsync(HttpMethod.Post, $"/api/v1/{noun}", Body(noun, "taken", "Un")));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"/api/v1/{noun}", Body(noun, "taken", "Deux"), null, "'taken'");
        Assert.Equal(HttpStatusCode.Created, await catalog.Client.StatusAsync(HttpMethod.Post, $"/api/v1/{noun}", Body(noun, "free", "Trois")));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, $"/api/v1/{noun}/free", Body(noun, "taken", "Trois"), "*", "'taken'");
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Only_administrators_write(string noun)
    {
        using var user = catalog.SignedIn("USER");
        Assert.Equal(HttpStatusCode.Forbidden, await user.StatusAsync(HttpMethod.Post, $"/api/v1/{noun}", Body(noun, "by-user", "Nom")));
        Assert.Equal(HttpStatusCode.Forbidden, await user.StatusAsync(HttpMethod.Put, $"/api/v1/{noun}/bosch", Body(noun, "by-user", "Nom"), "*"));
        Assert.Equal(HttpStatusCode.Forbidden, await user.StatusAsync(HttpMethod.Delete, $"/api/v1/{noun}/bosch", null, "*"));
        Assert.Equal(HttpStatusCode.OK, await user.StatusAsync(HttpMethod.Get, $"/api/v1/{noun}"));
    }

    [Theory]
    [InlineData("brands", "Upper")]
    [InlineData("brands", "two--hyphens")]
    [InlineData("suppliers", "-first")]
    [InlineData("suppliers", "with space")]
    [InlineData("warehouses", "")]
    [InlineData("warehouses", "line\n")]
    [InlineData("categories", "../brands")]
    [InlineData("categories", "é")]
    public async Task A_slug_has_small_letters_digits_and_single_hyphens(string noun, string slug) =>
        await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Post, $"/api/v1/{noun}", Body(noun, slug, "Nom"), null, "slug");

    [Theory]
    [InlineData("brands/bosch", "products")]
    [InlineData("categories/plaquettes", "products")]
    [InlineData("categories/freinage", "categories")]
    public async Task What_is_in_use_is_not_deleted(string path, string by)
    {
        await catalog.AddPartAsync("USES-" + Guid.NewGuid().ToString("N"));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Delete, $"/api/v1/{path}", null, "*", path.Split('/')[1], by);
    }

    [Fact]
    public async Task A_warehouse_with_stock_is_not_deleted()
    {
        var (part, _) = await catalog.AddPartAsync("IN-WAREHOUSE");
        await catalog.Client.StatusAsync(HttpMethod.Post, "/api/v1/warehouses", Body("warehouses", "with-stock", "Dépôt"));
        Assert.Equal(HttpStatusCode.OK, await catalog.Client.StatusAsync(HttpMethod.Put, "/api/v1/stock/levels", new { product = part, warehouse = "with-stock", onHand = 1 }));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "/api/v1/warehouses/with-stock", null, "*", "with-stock", "stock levels");
    }

    [Fact]
    public async Task The_audit_says_who_deleted_a_row_that_another_had_written()
    {
        await using (var context = catalog.Context())
        {
            context.Brands.Add(new() { Id = Guid.CreateVersion7(), Slug = "of-another", Name = "Autre", ChangedBy = "another" });
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Delete, "/api/v1/brands/of-another", null, "*"));
        await using var after = catalog.Context();
        var entries = await after.AuditEntries.Where(e => e.TableName == "brands").OrderBy(e => e.Id).ToListAsync(TestContext.Current.CancellationToken);
        var id = entries.Single(e => e.Action == "created" && e.After!.Contains("of-another", StringComparison.Ordinal)).RowId;
        Assert.Equal([("created", "another"), ("deleted", "test-client")], entries.Where(e => e.RowId == id).Select(e => (e.Action, e.Actor)));
    }

    [Fact]
    public async Task A_renamed_brand_shows_on_its_parts()
    {
        await catalog.Client.StatusAsync(HttpMethod.Post, "/api/v1/brands", Body("brands", "old-brand", "Ancienne"));
        var (part, _) = await catalog.AddPartAsync("RENAMED-1", ("brand", "old-brand"));
        Assert.Equal(HttpStatusCode.OK, await catalog.Client.StatusAsync(HttpMethod.Put, "/api/v1/brands/old-brand", Body("brands", "new-brand", "Nouvelle"), "*"));
        var brand = (await catalog.Client.JsonAsync($"/api/v1/products/{part}")).GetProperty("brand");
        Assert.Equal(("new-brand", "Nouvelle"), (brand.GetProperty("slug").GetString(), brand.GetProperty("name").GetString()));
        var found = await catalog.Client.JsonAsync("/api/v1/products?brand=new-brand");
        Assert.Equal("RENAMED-1", Assert.Single(found.GetProperty("items").EnumerateArray()).GetProperty("sku").GetString());
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Pages_follow_each_other_without_gap_or_repeat(string noun)
    {
        for (var i = 0; i < 5; i++) await catalog.Client.StatusAsync(HttpMethod.Post, $"/api/v1/{noun}", Body(noun, $"page-{i}", $"Page {i}"));
        var slugs = new List<string>();
        for (string? address = $"/api/v1/{noun}?size=2"; address is not null;)
        {
            var page = await catalog.Client.JsonAsync(address);
            slugs.AddRange(page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("slug").GetString()!));
            address = page.GetProperty("next") is { ValueKind: JsonValueKind.String } next ? $"/api/v1/{noun}?size=2&after={next}" : null;
        }
        Assert.Equal(slugs.Distinct(), slugs);
        Assert.Equal(5, slugs.Count(s => s.StartsWith("page-", StringComparison.Ordinal)));
    }

    private static object Body(string noun, string slug, string name) =>
        noun == "categories" ? new { slug, names = new { fr = name, ar = "اسم" } } : new { slug, name };
}
