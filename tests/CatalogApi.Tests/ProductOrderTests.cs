using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Testing;
using static Shabou.CatalogApi.Tests.CatalogReads;

namespace Shabou.CatalogApi.Tests;

/// <summary>Each test looks at the whole list, so each has a catalog of its own.</summary>
public sealed class ProductOrderTests(TestServers servers) : IAsyncLifetime
{
    private readonly Catalog _catalog = new(servers);

    public ValueTask InitializeAsync() => _catalog.InitializeAsync();

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private readonly record struct Sold(Guid Id, decimal Price, string Brand, string Category);

    [Fact]
    public async Task Prices_of_lists_and_by_hand_are_in_one_order_and_facets_count_as_brute_force_does()
    {
        var sold = await ShopAsync(400);

        foreach (var (query, expected) in new (string, IEnumerable<Sold>)[]
        {
            ("sort=price", sold.OrderBy(p => p.Price).ThenBy(p => p.Id, ById)),
            ("sort=-price", sold.OrderByDescending(p => p.Price).ThenByDescending(p => p.Id, ById)),
            ("minPrice=20&maxPrice=40", sold.Where(p => p.Price is >= 20 and <= 40).OrderBy(p => p.Price).ThenBy(p => p.Id, ById)),
            ("maxPrice=30&sort=-price&brand=bosch", sold.Where(p => p.Price <= 30 && p.Brand == "bosch").OrderByDescending(p => p.Price).ThenByDescending(p => p.Id, ById)),
            ("sort=created", sold.OrderBy(p => p.Id, ById)),
            ("sort=-created", sold.OrderByDescending(p => p.Id, ById)),
            ("brand=bosch&brand=valeo&category=filtration", sold.Where(p => p.Category == "filtration").OrderBy(p => p.Id, ById)),
            ("brand=bosch,valeo&category=plaquettes,filtration", sold.OrderBy(p => p.Id, ById)),
        })
        {
            var items = await _catalog.Client.AllAsync($"{query}&size=37");
            Assert.Equal(expected.Select(p => (p.Id, p.Price)), items.Select(i => (i.GetProperty("id").GetGuid(), i.GetProperty("priceExclTax").GetDecimal())));
        }

        foreach (var (query, others, brands, categories) in new (string, Func<Sold, bool>, string[], string[])[]
        {
            ("", _ => true, [], []),
            ("brand=bosch", _ => true, ["bosch"], []),
            ("category=freinage&brand=valeo", _ => true, ["valeo"], ["plaquettes"]), // freinage has no parts of its own
            ("minPrice=25&maxPrice=60&brand=bosch", p => p.Price is >= 25 and <= 60, ["bosch"], []),
            ("q=piece&category=filtration", _ => true, [], ["filtration"]),
        })
        {
            var facets = (await _catalog.Client.PageAsync($"{query}&facets=true&size=1")).GetProperty("facets");
            Assert.True(facets.GetProperty("complete").GetBoolean());
            var matching = sold.Where(others).ToList();
            var byBrand = matching.Where(p => categories.Length == 0 || categories.Contains(p.Category)).CountBy(p => p.Brand).ToDictionary();
            var byCategory = matching.Where(p => brands.Length == 0 || brands.Contains(p.Brand)).SelectMany(p => p.Category == "plaquettes" ? ["plaquettes", "freinage"] : new[] { p.Category })
                .CountBy(c => c).ToDictionary();
            Assert.Equal(byBrand.OrderBy(b => b.Key), Counts(facets, "brands"));
            Assert.Equal(byCategory.OrderBy(c => c.Key), Counts(facets, "categories"));
        }
    }

    [Fact]
    public async Task A_cursor_of_one_order_is_refused_by_another_and_a_changed_one_by_all()
    {
        await _catalog.AddAsync(3);
        var next = (await _catalog.Client.PageAsync("size=1&sort=price")).GetProperty("next").GetString()!;
        foreach (var query in new[] { $"sort=created&after={next}", $"sort=price&after={next[..^1]}{(next[^1] == 'A' ? 'B' : 'A')}", $"sort=price&after={next}x" })
        {
            using var refused = await _catalog.Client.GetAsync($"/api/v1/products?{query}", Cancellation);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_miss_a_part_while_others_are_added()
    {
        await _catalog.AddAsync(500);
        var before = (await _catalog.Client.AllAsync("size=100")).Select(i => i.GetProperty("sku").GetString()!).ToList();
        var adding = Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 250; i++) await _catalog.Client.CreateAsync(string.Create(CultureInfo.InvariantCulture, $"DURING-{writer}-{i}"));
        }));
        var during = new List<string>();
        do
        {
            during = [.. (await _catalog.Client.AllAsync("size=13")).Select(i => i.GetProperty("sku").GetString()!)];
            Assert.Equal(during.Count, during.Distinct().Count());
            Assert.Equal(before, during.Where(before.ToHashSet().Contains));
        }
        while (!adding.IsCompleted);
        await adding;
        Assert.Equal(before.Count + 1_000, (await _catalog.Client.AllAsync("size=100")).Count);
    }

    private static readonly Comparer<Guid> ById = Comparer<Guid>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString())); // as PostgreSQL orders uuids

    private static IEnumerable<KeyValuePair<string, int>> Counts(JsonElement facets, string facet) =>
        facets.GetProperty(facet).EnumerateArray().Select(v => KeyValuePair.Create(v.GetProperty("slug").GetString()!, v.GetProperty("count").GetInt32())).OrderBy(v => v.Key);

    /// <summary>Parts with prices by hand, of one supplier's current list, of two, of a list that no longer counts, and by hand after a list.</summary>
    private async Task<List<Sold>> ShopAsync(int count)
    {
        var random = new Random(7);
        await using var context = _catalog.Context();
        var (older, newer) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        context.AddRange(
            new Supplier { Id = older, Slug = "older", Name = "Older", CurrentListNumber = 2 },
            new Supplier { Id = newer, Slug = "newer", Name = "Newer", CurrentListNumber = 3 });
        var brands = context.Brands.ToDictionary(b => b.Slug, b => b.Id);
        var categories = context.Categories.ToDictionary(c => c.Slug, c => c.Id);
        var now = DateTimeOffset.UtcNow;
        List<Sold> sold = [];
        for (var i = 0; i < count; i++)
        {
            var (brand, category) = (random.Next(2) == 0 ? "bosch" : "valeo", random.Next(2) == 0 ? "plaquettes" : "filtration");
            var setAfter = random.Next(4); // 3: by hand after every list
            var product = new Product
            {
                Id = Guid.CreateVersion7(now.AddMilliseconds(i)), Sku = $"ORD-{i:D4}", NameFr = "Pièce", NameAr = "قطعة", BrandId = brands[brand], CategoryId = categories[category],
                Price = Money.Tnd(Amount()), PriceSetAfter = setAfter, VatRate = 19, CreatedAt = now, UpdatedAt = now,
            };
            product.RefreshSearch();
            context.Add(product);
            var price = product.Price.Amount;
            foreach (var (list, counts) in new[] { (1, false), (2, true), (3, true) })
            {
                if (random.Next(2) == 0) continue;
                var amount = Amount();
                context.Add(new Price { ProductId = product.Id, PriceListNumber = list, Amount = amount });
                if (counts && list > setAfter) price = amount;
            }
            sold.Add(new(product.Id, price, brand, category));
        }
        await context.SaveChangesAsync(Cancellation);
        return sold;

        decimal Amount() => random.Next(10, 80) + random.Next(4) * 0.25m; // many equal prices
    }
}
