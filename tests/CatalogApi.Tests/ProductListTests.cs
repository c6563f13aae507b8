using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.CatalogApi.Tests;

public sealed class ProductListTests(Catalog catalog) : IClassFixture<Catalog>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat()
    {
        await catalog.AddAsync(250);
        var skus = new List<string>();
        var address = "/api/v1/products?category=filtration&size=100";
        while (address is not null)
        {
            using var response = await catalog.Client.GetAsync(address, Cancellation);
            var page = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            skus.AddRange(page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("sku").GetString()!));
            var next = page.GetProperty("next").GetString();
            Assert.Equal(next is not null, response.Headers.TryGetValues("Link", out var link) && link.Single().Contains("rel=\"next\"", StringComparison.Ordinal));
            address = next is null ? null : $"/api/v1/products?category=filtration&size=100&after={next}";
        }
        Assert.Equal(250, skus.Distinct().Count());
        Assert.Equal(250, skus.Count);
    }

    [Fact]
    public async Task A_search_ignores_accents_case_and_separators()
    {
        using var created = await catalog.Client.PostAsJsonAsync("/api/v1/products",
            Catalog.Part("SRCH-1", ("names", new { fr = "Étrier arrière", ar = "ملقط الفرامل" }), ("oeNumber", "77.01-208 265")), Cancellation);
        created.EnsureSuccessStatusCode();
        foreach (var q in new[] { "etrier ARRIERE", "srch-1", "7701208265", "ملقط", "مـلقط" })
            Assert.Equal("SRCH-1", Assert.Single(await SkusAsync($"q={Uri.EscapeDataString(q)}")));
        Assert.Empty(await SkusAsync("q=SR%25H")); // a wildcard of SQL is an ordinary character here
        Assert.Empty(await SkusAsync("q=S%5FCH-1"));
    }

    [Fact]
    public async Task Brand_and_category_narrow_the_list_and_a_category_includes_those_below()
    {
        foreach (var (sku, brand, category) in new[] { ("NARROW-1", "bosch", "plaquettes"), ("NARROW-2", "valeo", "plaquettes"), ("NARROW-3", "valeo", "freinage") })
            (await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part(sku, ("brand", brand), ("category", category)), Cancellation)).EnsureSuccessStatusCode();
        Assert.Equal(["NARROW-2", "NARROW-3"], await SkusAsync("q=NARROW&brand=valeo"));
        Assert.Equal(["NARROW-1", "NARROW-2", "NARROW-3"], await SkusAsync("q=NARROW&category=freinage"));
        Assert.Equal(["NARROW-1", "NARROW-2"], await SkusAsync("q=NARROW&category=plaquettes"));
        Assert.Empty(await SkusAsync("q=NARROW&category=nothing"));
    }

    [Theory]
    [InlineData("size=0", "size")]
    [InlineData("size=101", "size")]
    [InlineData("size=many", "size")]
    [InlineData("after=made-up", "after")]
    [InlineData("after=eyJ2IjoxfQ", "after")]
    public async Task A_wrong_page_is_a_problem_that_names_the_parameter(string query, string name)
    {
        using var response = await catalog.Client.GetAsync($"/api/v1/products?{query}", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(name, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_does_not_exist_is_a_problem()
    {
        using var response = await catalog.Client.GetAsync($"/api/v1/products/{Guid.CreateVersion7()}", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("/problems/not-found", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/api/v1/brands", "bosch")]
    [InlineData("/api/v1/categories", "freinage")]
    public async Task Brands_and_categories_are_listed(string path, string slug)
    {
        var page = await catalog.Client.GetFromJsonAsync<JsonElement>(path, Cancellation);
        Assert.Contains(page.GetProperty("items").EnumerateArray(), b => b.GetProperty("slug").GetString() == slug);
    }

    private async Task<List<string>> SkusAsync(string query)
    {
        var page = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products?{query}", Cancellation);
        return [.. page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("sku").GetString()!)];
    }
}
