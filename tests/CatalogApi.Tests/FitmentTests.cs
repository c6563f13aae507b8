using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Tests;

public sealed class FitmentTests(Catalog catalog) : IClassFixture<Catalog>
{
    [Fact]
    public async Task A_set_of_vehicles_replaces_the_one_before_it()
    {
        var vehicles = await VehiclesAsync("Replace", 60_000, 3);
        var (part, tag) = await catalog.AddPartAsync("FIT-1");
        tag = await ReplacedAsync(part, tag, vehicles[0].ToString(), "60001", "60001", vehicles[1].ToString()); // one twice, by either name
        Assert.Equal([60_000, 60_001], await FittedAsync(part));
        tag = await ReplacedAsync(part, tag, "60002", vehicles[1].ToString());
        Assert.Equal([60_001, 60_002], await FittedAsync(part));
        await ReplacedAsync(part, tag);
        Assert.Empty(await FittedAsync(part));
    }

    [Fact]
    public async Task The_part_gets_another_version_and_the_audit_an_entry()
    {
        await VehiclesAsync("Audit", 61_000, 1);
        var (part, tag) = await catalog.AddPartAsync("FIT-2");
        Assert.Equal((HttpStatusCode)428, await PutAsync(part, null, "61000"));
        var changed = await ReplacedAsync(part, tag, "61000");
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(part, tag, "61000"));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(part, changed, "61000"));
        await using var context = catalog.Context();
        var entries = await context.AuditEntries.Where(e => e.RowId == part).OrderBy(e => e.Id).Select(e => new { e.Action, e.Actor }).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["created", "updated", "updated"], entries.Select(e => e.Action));
        Assert.All(entries, e => Assert.Equal("test-client", e.Actor));
    }

    [Fact]
    public async Task A_part_whose_price_comes_from_a_list_is_written_with_its_ETag_too()
    {
        await VehiclesAsync("Listed", 64_000, 1);
        var (part, tag) = await catalog.AddPartAsync("FIT-LIST");
        await using (var context = catalog.Context())
        {
            var supplier = new Supplier { Id = Guid.CreateVersion7(), Slug = "fit-list", Name = "Fournisseur", CurrentListNumber = 7 };
            context.Add(supplier);
            context.Add(new PriceList
            {
                Id = Guid.CreateVersion7(), SupplierId = supplier.Id, Number = 7, State = PriceListState.Applied, OnError = RowErrors.RejectAll, DryRun = false, RowsRead = 1,
                CreatedAt = DateTimeOffset.UtcNow, CreatedBy = "test",
            });
            context.Add(new Price { ProductId = part, PriceListNumber = 7, Amount = 5 });
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(part, tag, "64000")); // it shows another price now
        using var fitments = await catalog.Client.SendAsync(HttpMethod.Get, Address(part));
        tag = await ReplacedAsync(part, fitments.Headers.ETag!.Tag, "64000");
        Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Delete, $"/api/v1/products/{part}/replacements", null, tag));
        using var replacements = await catalog.Client.SendAsync(HttpMethod.Get, $"/api/v1/products/{part}/replacements");
        Assert.Equal(HttpStatusCode.OK, await catalog.Client.StatusAsync(HttpMethod.Put, $"/api/v1/products/{part}", Catalog.Part("FIT-LIST"), replacements.Headers.ETag!.Tag));
    }

    [Fact]
    public async Task Of_parallel_replacements_on_one_version_one_wins_whole()
    {
        await VehiclesAsync("Race", 62_000, 20);
        var (part, tag) = await catalog.AddPartAsync("FIT-3");
        var sets = Enumerable.Range(0, 10).Select(i => new[] { 62_000 + i, 62_010 + i }).ToList();
        var results = await Task.WhenAll(sets.Select(set => PutAsync(part, tag, [.. set.Select(k => k.ToString(CultureInfo.InvariantCulture))])));
        Assert.Equal(1, results.Count(r => r == HttpStatusCode.NoContent));
        Assert.Equal(9, results.Count(r => r == HttpStatusCode.PreconditionFailed));
        Assert.Equal(sets[Array.IndexOf(results, HttpStatusCode.NoContent)], await FittedAsync(part));
    }

    [Fact]
    public async Task Unknown_vehicles_are_named_and_nothing_changes()
    {
        await VehiclesAsync("Unknown", 63_000, 1);
        var (part, tag) = await catalog.AddPartAsync("FIT-4");
        var unknown = Guid.CreateVersion7();
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, Address(part), Body("63000", "63999", unknown.ToString()), tag, "vehicles", "'63999'", $"'{unknown}'");
        Assert.Empty(await FittedAsync(part));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(unknown, "*", "63000"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("clio")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public async Task What_is_no_vehicle_is_named(string vehicle)
    {
        var (part, tag) = await catalog.AddPartAsync("FIT-BAD-" + Guid.NewGuid().ToString("N"));
        await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Put, Address(part), Body(vehicle), tag, "vehicles");
    }

    [Fact]
    public async Task Five_thousand_vehicles_fit_and_no_more()
    {
        await VehiclesAsync("Many", 70_000, 5_000);
        var (part, tag) = await catalog.AddPartAsync("FIT-MANY");
        var ktypes = Enumerable.Range(70_000, 5_000).Select(k => k.ToString(CultureInfo.InvariantCulture)).ToArray();
        await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Put, Address(part), Body([.. ktypes, "1"]), tag, "vehicles");
        tag = await ReplacedAsync(part, tag, ktypes);
        await using var context = catalog.Context();
        Assert.Equal(5_000, await context.Fitments.CountAsync(f => f.ProductId == part, TestContext.Current.CancellationToken));
        await ReplacedAsync(part, tag, "70000");
        Assert.Equal([70_000], await FittedAsync(part));
    }

    private async Task<Guid[]> VehiclesAsync(string model, int firstKType, int count)
    {
        var now = DateTimeOffset.UtcNow;
        var vehicles = Enumerable.Range(0, count).Select(i => new Vehicle
        {
            Id = Guid.CreateVersion7(now.AddMilliseconds(i)), Make = "Opel", Model = model, Variant = $"{i:D4}", YearFrom = 2000, KType = firstKType + i,
        }).ToList();
        await using var context = catalog.Context();
        context.AddRange(vehicles);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return [.. vehicles.Select(v => v.Id)];
    }

    private async Task<string> ReplacedAsync(Guid part, string tag, params string[] vehicles)
    {
        using var response = await catalog.Client.SendAsync(HttpMethod.Put, Address(part), Body(vehicles), tag);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.NotEqual(tag, response.Headers.ETag!.Tag);
        return response.Headers.ETag.Tag;
    }

    private Task<HttpStatusCode> PutAsync(Guid part, string? tag, params string[] vehicles) => catalog.Client.StatusAsync(HttpMethod.Put, Address(part), Body(vehicles), tag);

    private async Task<IEnumerable<int>> FittedAsync(Guid part) =>
        (await catalog.Client.JsonAsync(Address(part) + "?size=100")).GetProperty("items").EnumerateArray().Select(v => v.GetProperty("ktype").GetInt32());

    private static string Address(Guid part) => $"/api/v1/products/{part}/fitments";

    private static object Body(params string[] vehicles) => new { vehicles };
}
