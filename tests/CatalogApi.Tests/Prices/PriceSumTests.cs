using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shabou.CatalogApi.Caching;
using Shabou.Schema;
using Shabou.Schema.Catalog;

#pragma warning disable CA5394 // a seed makes the sequence the same each time

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>The sums behind facets and index, after anything that can happen to prices, one after the other and all at once.</summary>
public sealed class PriceSumTests(Catalog catalog) : IClassFixture<Catalog>
{
    private const int Steps = 45;
    private readonly PriceDesk _desk = new(catalog);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Sums_and_index_points_equal_those_computed_from_the_history_after_any_sequence_of_changes(int seed)
    {
        var random = new Random(seed);
        string[] suppliers = [await _desk.AddSupplierAsync($"first-{seed}"), await _desk.AddSupplierAsync($"second-{seed}")];
        var parts = (await _desk.AddPartsAsync($"SUM{seed}", 12, quantity: 2.5m)).ConvertAll(p => p.Id);
        await AssertExactAsync();
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(10))
            {
                case 0: parts.AddRange((await _desk.AddPartsAsync($"SUM{seed}X{step}", random.Next(1, 4), Price(random), Brand(random), Category(random), Quantity(random))).Select(p => p.Id)); break;
                case < 5: await EditAsync(parts[random.Next(parts.Count)], random); break;
                case < 8: await AssertPointsAsync(() => LoadAsync(suppliers[random.Next(2)], parts, random)); break;
                default: await AssertPointsAsync(() => RollBackAsync(suppliers[random.Next(2)])); break;
            }
            await AssertExactAsync();
        }
    }

    [Fact]
    public async Task Sums_stay_exact_when_lists_rollbacks_and_edits_happen_at_once()
    {
        string[] suppliers = [await _desk.AddSupplierAsync("race-1"), await _desk.AddSupplierAsync("race-2")];
        var parts = (await _desk.AddPartsAsync("RACE", 40)).ConvertAll(p => p.Id);
        var lists = suppliers.Select(async (supplier, s) =>
        {
            var random = new Random(s);
            for (var i = 0; i < 8; i++)
            {
                await LoadAsync(supplier, parts, random);
                if (i % 2 == 1) await RollBackAsync(supplier);
            }
        });
        var edits = Enumerable.Range(0, 3).Select(async e =>
        {
            var random = new Random(100 + e);
            for (var i = 0; i < 60; i++) await EditAsync(parts[random.Next(parts.Count)], random);
        });
        await Task.WhenAll([.. lists, .. edits]);
        await AssertExactAsync();
    }

    /// <summary>By hand: price, weight, brand and category, deletion or restoration.</summary>
    private async Task EditAsync(Guid id, Random random)
    {
        await using var context = catalog.Context();
        while (true)
        {
            var part = await context.Products.SingleAsync(p => p.Id == id, Cancellation);
            var (brand, category) = (Brand(random), Category(random));
            switch (random.Next(5))
            {
                case 0: part.DeletedAt = part.DeletedAt is null ? DateTimeOffset.UtcNow : null; break;
                case 1: part.BaseQuantity = Quantity(random); break;
                case 2:
                    part.BrandId = await context.Brands.Where(b => b.Slug == brand).Select(b => b.Id).SingleAsync(Cancellation);
                    part.CategoryId = await context.Categories.Where(c => c.Slug == category).Select(c => c.Id).SingleAsync(Cancellation);
                    break;
                default:
                    part.Price = Money.Tnd(Price(random));
                    part.PriceSetAfter = await context.PriceLists.MaxAsync(l => l.Number, Cancellation) ?? 0;
                    break;
            }
            try
            {
                await context.SaveChangesAsync(Cancellation);
                return;
            }
            catch (DbUpdateConcurrencyException)
            {
                context.ChangeTracker.Clear(); // another edit was first: read again
            }
        }
    }

    private async Task LoadAsync(string supplier, List<Guid> parts, Random random)
    {
        await using var context = catalog.Context();
        var listed = parts.Where(_ => random.Next(3) > 0).Append(parts[0]).Distinct().ToList();
        var skus = await context.Products.Where(p => listed.Contains(p.Id)).OrderBy(p => p.Id).Select(p => p.Sku).ToListAsync(Cancellation);
        var csv = "sku,price\n" + string.Concat(skus.Select(sku => string.Create(CultureInfo.InvariantCulture, $"{sku},{Price(random)}\n")));
        await _desk.LoadAsync(supplier, csv, "&onError=ignore"); // deleted parts are left out
    }

    private async Task RollBackAsync(string supplier)
    {
        await using var context = catalog.Context();
        var current = await context.PriceLists.Where(l => l.Supplier!.Slug == supplier && l.Number == l.Supplier.CurrentListNumber && l.Number != null).Select(l => (Guid?)l.Id).SingleOrDefaultAsync(Cancellation);
        if (current is null) return;
        using var response = await catalog.Client.PostAsync($"/api/v1/price-lists/{current}/rollback", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task AssertExactAsync()
    {
        await using var context = catalog.Context();
        var ledger = await PriceLedger.ReadAsync(context, Cancellation);
        var stored = await context.Assortments.AsNoTracking().ToListAsync(Cancellation);
        foreach (var a in stored) Assert.Equal(ledger.Sums.GetValueOrDefault((a.BrandId, a.CategoryId)), (a.BaseValue, a.CurrentValue));
        Assert.Superset(ledger.Sums.Keys.ToHashSet(), stored.Select(a => (a.BrandId, a.CategoryId)).ToHashSet());
        Assert.Equal(ledger.Current.OrderBy(c => c.Key), (await context.Suppliers.ToDictionaryAsync(s => s.Id, s => s.CurrentListNumber, Cancellation)).OrderBy(c => c.Key));
        await catalog.Services.GetRequiredService<CatalogVersions>().EverythingChangedAsync(Cancellation); // the edits were made behind the service's back
        foreach (var (part, price) in await _desk.PricesAsync()) Assert.Equal(ledger.Prices[part], price);
        var index = await catalog.Client.GetFromJsonAsync<JsonElement>("/api/v1/price-index", Cancellation);
        Assert.Equal((ledger.Sums.Values.Sum(s => s.Base), ledger.Sums.Values.Sum(s => s.Current)), (index.GetProperty("baseValue").GetDecimal(), index.GetProperty("currentValue").GetDecimal()));
    }

    /// <summary>What a list changes has a point with the sums right after it; what it leaves has none.</summary>
    private async Task AssertPointsAsync(Func<Task> move)
    {
        await using var context = catalog.Context();
        var tree = await context.Categories.AsNoTracking().ToListAsync(Cancellation);
        var last = await context.PriceIndexPoints.MaxAsync(p => (long?)p.Id, Cancellation) ?? 0;
        var before = (await PriceLedger.ReadAsync(context, Cancellation)).Groups(tree);
        await move();
        var after = (await PriceLedger.ReadAsync(context, Cancellation)).Groups(tree);
        var points = await context.PriceIndexPoints.AsNoTracking().Where(p => p.Id > last).ToListAsync(Cancellation);
        foreach (var point in points) Assert.Equal(after.GetValueOrDefault((point.BrandId, point.CategoryId)), (point.BaseValue, point.CurrentValue));
        Assert.Superset(after.Where(g => g.Value != before[g.Key]).Select(g => g.Key).ToHashSet(), points.Select(p => (p.BrandId, p.CategoryId)).ToHashSet());
        Assert.Equal(points.Count, points.Select(p => (p.BrandId, p.CategoryId)).Distinct().Count());
    }

    private static decimal Price(Random random) => random.Next(1, 300_000) / 1000m;
    private static decimal Quantity(Random random) => random.Next(0, 50_000) / 1000m;
    private static string Brand(Random random) => random.Next(2) == 0 ? "bosch" : "valeo";
    private static string Category(Random random) => random.Next(3) switch { 0 => "freinage", 1 => "plaquettes", _ => "filtration" };
}
