using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Tests;

public sealed class StockTests(Catalog catalog) : IClassFixture<Catalog>, IAsyncLifetime
{
    private const string Reservations = "/api/v1/stock/reservations";

    public async ValueTask InitializeAsync()
    {
        foreach (var slug in new[] { "tunis", "sfax" }) await catalog.Client.StatusAsync(HttpMethod.Post, "/api/v1/warehouses", new { slug, name = slug });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_count_sets_the_level_and_not_below_what_is_reserved()
    {
        var part = await StockedAsync("COUNT", ("tunis", 5));
        await ReserveAsync(part, 3);
        Assert.Equal([("tunis", 5, 3, 2)], await LevelsAsync(part));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Put, "/api/v1/stock/levels", Level(part, "tunis", 2), null, "tunis", "reserved");
        Assert.Equal(HttpStatusCode.OK, await catalog.Client.StatusAsync(HttpMethod.Put, "/api/v1/stock/levels", Level(part, "tunis", 3)));
        Assert.Equal(HttpStatusCode.OK, await catalog.Client.StatusAsync(HttpMethod.Put, "/api/v1/stock/levels", Level(part, "sfax", 7)));
        Assert.Equal([("sfax", 7, 0, 7), ("tunis", 3, 3, 0)], await LevelsAsync(part));
    }

    [Fact]
    public async Task What_does_not_exist_is_named()
    {
        var part = await StockedAsync("NAMED", ("tunis", 5));
        var unknown = Guid.CreateVersion7();
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, "/api/v1/stock/levels", Level(unknown, "tunis", 2), null, "product", unknown.ToString());
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, "/api/v1/stock/levels", Level(part, "moon", 2), null, "warehouse", "'moon'");
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Reservations, new { product = unknown, quantity = 1 }, null, "product", unknown.ToString());
        await catalog.Client.RefusesAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, Reservations, new { product = part, quantity = 1, warehouse = "moon" }, null, "warehouse", "'moon'");
        Assert.Equal(HttpStatusCode.NotFound, await catalog.Client.StatusAsync(HttpMethod.Get, $"/api/v1/products/{unknown}/stock"));
        foreach (var (method, tail) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/fulfil") })
            Assert.Equal(HttpStatusCode.NotFound, await catalog.Client.StatusAsync(method, $"{Reservations}/{unknown}{tail}"));
    }

    [Theory]
    [InlineData("quantity", 0)]
    [InlineData("quantity", 10_001)]
    [InlineData("ttl", 9)]
    [InlineData("ttl", 604_801)]
    [InlineData("ttl", "PT15M")]
    [InlineData("reference", "")]
    [InlineData("warehouse", "")]
    [InlineData("product", "clio")]
    [InlineData("unheardOf", 1)]
    public async Task A_wrong_field_is_named(string field, object value)
    {
        var body = new Dictionary<string, object> { ["product"] = Guid.CreateVersion7(), ["quantity"] = 1, [field] = value };
        await catalog.Client.RefusesAsync(HttpStatusCode.BadRequest, HttpMethod.Post, Reservations, body, null, field);
    }

    [Fact]
    public async Task A_reservation_is_found_where_Location_says_and_expires_when_asked()
    {
        var part = await StockedAsync("LOCATION", ("tunis", 5));
        using var response = await catalog.Client.SendAsync(HttpMethod.Post, Reservations, new { product = part, quantity = 2, ttl = 3_600, reference = "order 7" });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var made = await response.JsonAsync();
        var read = await catalog.Client.JsonAsync(response.Headers.Location!.OriginalString);
        Assert.Equal(made.GetRawText(), read.GetRawText());
        Assert.Equal(("held", "tunis", "order 7", 2),
            (read.GetProperty("state").GetString(), read.GetProperty("warehouse").GetString(), read.GetProperty("reference").GetString(), read.GetProperty("quantity").GetInt32()));
        Assert.Equal(TimeSpan.FromHours(1), read.GetProperty("expiresAt").GetDateTimeOffset() - read.GetProperty("createdAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Without_a_warehouse_the_one_with_most_available_is_taken()
    {
        var part = await StockedAsync("MOST", ("tunis", 4), ("sfax", 6));
        Assert.Equal("sfax", await ReserveAsync(part, 3));  // 4, 3
        Assert.Equal("tunis", await ReserveAsync(part, 4)); // 0, 3
        Assert.Equal("sfax", await ReserveAsync(part, 1));  // 0, 2
        using var refused = await catalog.Client.SendAsync(HttpMethod.Post, Reservations, new { product = part, quantity = 3 });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await refused.JsonAsync();
        Assert.Equal(("/problems/insufficient-stock", 2), (problem.GetProperty("type").GetString(), problem.GetProperty("available").GetInt32()));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Post, Reservations, new { product = part, quantity = 1, warehouse = "tunis" }, null, "'tunis'", " 0 ");
        Assert.Equal([("sfax", 6, 4, 2), ("tunis", 4, 4, 0)], await LevelsAsync(part));
    }

    [Fact]
    public async Task A_release_gives_the_pieces_back_once()
    {
        var part = await StockedAsync("RELEASE", ("tunis", 5));
        var address = await ReservedAsync(part, 3);
        await ReserveAsync(part, 1);
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => catalog.Client.StatusAsync(HttpMethod.Delete, address)));
        Assert.All(results, r => Assert.Equal(HttpStatusCode.NoContent, r));
        Assert.Equal([("tunis", 5, 1, 4)], await LevelsAsync(part));
        Assert.Equal("released", await StateAsync(address));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Post, address + "/fulfil", null, null, "released");
    }

    [Fact]
    public async Task A_fulfilment_takes_the_pieces_off_the_shelf_once()
    {
        var part = await StockedAsync("FULFIL", ("tunis", 5));
        var address = await ReservedAsync(part, 3);
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => catalog.Client.StatusAsync(HttpMethod.Post, address + "/fulfil")));
        Assert.All(results, r => Assert.Equal(HttpStatusCode.NoContent, r));
        Assert.Equal([("tunis", 2, 0, 2)], await LevelsAsync(part));
        Assert.Equal("fulfilled", await StateAsync(address));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Delete, address, null, null, "fulfilled");
    }

    [Fact]
    public async Task Pieces_whose_time_is_over_are_reserved_again_before_anybody_sweeps()
    {
        var part = await StockedAsync("LAPSED", ("tunis", 5));
        var address = await ReservedAsync(part, 5);
        await LapseAsync(address);
        Assert.Equal("expired", await StateAsync(address));
        await catalog.Client.RefusesAsync(HttpStatusCode.Conflict, HttpMethod.Post, address + "/fulfil", null, null, "expired");
        await ReserveAsync(part, 5);
        Assert.Equal([("tunis", 5, 5, 0)], await LevelsAsync(part));
        Assert.Equal("expired", await StateAsync(address));
        Assert.Equal(HttpStatusCode.NoContent, await catalog.Client.StatusAsync(HttpMethod.Delete, address));
        Assert.Equal([("tunis", 5, 5, 0)], await LevelsAsync(part));
    }

    [Fact]
    public async Task Several_replicas_sweep_what_has_lapsed_once()
    {
        var part = await StockedAsync("SWEPT", ("tunis", 30), ("sfax", 30));
        var addresses = new List<string>();
        for (var i = 0; i < 40; i++) addresses.Add(await ReservedAsync(part, 1));
        foreach (var address in addresses.Take(30)) await LapseAsync(address);
        (string, string)[] often = [("Catalog:Stock:SweepInterval", "00:00:00.05"), ("Catalog:Stock:SweepBatch", "4")];
        await using var first = catalog.Replica(often);
        await using var second = catalog.Replica(often);
        using var one = first.SignedIn(); // a client starts the service
        using var other = second.SignedIn();

        var deadline = DateTime.UtcNow.AddSeconds(30);
        while ((await LevelsAsync(part)).Sum(l => l.Reserved) != 10 && DateTime.UtcNow < deadline) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(10, (await LevelsAsync(part)).Sum(l => l.Reserved));
        Assert.Equal(60, (await LevelsAsync(part)).Sum(l => l.OnHand));
        await using var context = catalog.Context();
        var states = await context.StockReservations.Where(r => r.ProductId == part).GroupBy(r => r.State).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, TestContext.Current.CancellationToken);
        Assert.Equal((10, 30), (states[ReservationState.Held], states[ReservationState.Expired]));
    }

    [Fact]
    public async Task A_part_is_in_stock_while_a_piece_of_it_can_be_reserved()
    {
        var part = await StockedAsync("INSTOCK", ("tunis", 1));
        Assert.Equal([part], await FoundAsync("INSTOCK", true));
        var address = await ReservedAsync(part, 1);
        Assert.Empty(await FoundAsync("INSTOCK", true));
        Assert.Equal([part], await FoundAsync("INSTOCK", false));
        await catalog.Client.StatusAsync(HttpMethod.Delete, address);
        Assert.Equal([part], await FoundAsync("INSTOCK", true));
    }

    private async Task<Guid> StockedAsync(string sku, params (string Warehouse, int OnHand)[] levels)
    {
        var (part, _) = await catalog.AddPartAsync(sku);
        foreach (var (warehouse, onHand) in levels)
            Assert.Equal(HttpStatusCode.OK, await catalog.Client.StatusAsync(HttpMethod.Put, "/api/v1/stock/levels", Level(part, warehouse, onHand)));
        return part;
    }

    /// <returns>The address of the reservation.</returns>
    private async Task<string> ReservedAsync(Guid part, int quantity)
    {
        using var response = await catalog.Client.SendAsync(HttpMethod.Post, Reservations, new { product = part, quantity });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    /// <returns>The warehouse.</returns>
    private async Task<string?> ReserveAsync(Guid part, int quantity) => (await catalog.Client.JsonAsync(await ReservedAsync(part, quantity))).GetProperty("warehouse").GetString();

    private async Task LapseAsync(string address)
    {
        var id = Guid.Parse(address[^36..]);
        await using var context = catalog.Context();
        await context.StockReservations.Where(r => r.Id == id).ExecuteUpdateAsync(r => r.SetProperty(x => x.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1)), TestContext.Current.CancellationToken);
    }

    private async Task<List<(string? Warehouse, int OnHand, int Reserved, int Available)>> LevelsAsync(Guid part) =>
        [.. (await catalog.Client.JsonAsync($"/api/v1/products/{part}/stock")).GetProperty("items").EnumerateArray().Select(l =>
            (l.GetProperty("warehouse").GetProperty("slug").GetString(), l.GetProperty("onHand").GetInt32(), l.GetProperty("reserved").GetInt32(), l.GetProperty("available").GetInt32()))];

    private async Task<string?> StateAsync(string address) => (await catalog.Client.JsonAsync(address)).GetProperty("state").GetString();

    private async Task<List<Guid>> FoundAsync(string q, bool inStock) =>
        [.. (await catalog.Client.JsonAsync($"/api/v1/products?q={q}&inStock={(inStock ? "true" : "false")}")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetGuid())];

    private static object Level(Guid product, string warehouse, int onHand) => new { product, warehouse, onHand };
}
