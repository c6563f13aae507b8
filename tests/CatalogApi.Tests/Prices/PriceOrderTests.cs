using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>Which price counts, and how lists are taken back.</summary>
public sealed class PriceOrderTests(Catalog catalog) : IClassFixture<Catalog>
{
    private readonly PriceDesk _desk = new(catalog);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollback_goes_from_list_to_list_and_skips_those_rolled_back_before()
    {
        var supplier = await _desk.AddSupplierAsync("back");
        var part = (await _desk.AddPartsAsync("BACK", 1)).Single();
        var lists = new List<JsonElement>();
        for (var i = 1; i <= 3; i++) lists.Add(await _desk.LoadAsync(supplier, PriceDesk.Csv("BACK", 1, 20 + i)));

        var taken = await _desk.RollBackAsync(lists[2]);
        Assert.Equal(("rolledBack", false), (taken.GetProperty("state").GetString(), taken.GetProperty("counts").GetBoolean()));
        Assert.NotNull(taken.GetProperty("rolledBackAt").GetString());
        Assert.Equal(22, await _desk.PriceOfAsync(part.Id));
        await _desk.RollBackAsync(lists[1]);
        Assert.Equal(21, await _desk.PriceOfAsync(part.Id));

        var fourth = await _desk.LoadAsync(supplier, PriceDesk.Csv("BACK", 1, 24));
        Assert.Equal(lists[0].GetProperty("number").GetInt32(), fourth.GetProperty("previousNumber").GetInt32());
        Assert.True(fourth.GetProperty("number").GetInt32() > lists[2].GetProperty("number").GetInt32());
        await _desk.RollBackAsync(fourth);
        Assert.Equal(21, await _desk.PriceOfAsync(part.Id));
        await _desk.RollBackAsync(lists[0]);
        Assert.Equal(10, await _desk.PriceOfAsync(part.Id));
        await AssertConflictAsync(lists[0], "none does");
    }

    [Fact]
    public async Task Only_the_list_that_counts_is_rolled_back_and_a_refusal_names_it()
    {
        var supplier = await _desk.AddSupplierAsync("current");
        await _desk.AddPartsAsync("CURRENT", 1);
        var first = await _desk.LoadAsync(supplier, PriceDesk.Csv("CURRENT", 1, 20));
        var second = await _desk.LoadAsync(supplier, PriceDesk.Csv("CURRENT", 1, 21));
        var trial = await _desk.LoadAsync(supplier, PriceDesk.Csv("CURRENT", 1, 22), "&dryRun=true");
        await AssertConflictAsync(first, second.GetProperty("id").GetString()!);
        await AssertConflictAsync(trial, second.GetProperty("id").GetString()!);
        await _desk.RollBackAsync(second);
        await AssertConflictAsync(second, first.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task A_price_by_hand_stands_until_a_later_list_and_comes_back_when_that_is_rolled_back()
    {
        var supplier = await _desk.AddSupplierAsync("hand");
        var part = (await _desk.AddPartsAsync("HAND", 1)).Single();
        var first = await _desk.LoadAsync(supplier, PriceDesk.Csv("HAND", 1, 20));
        await EditAsync(part.Id, 30);
        Assert.Equal(30, await _desk.PriceOfAsync(part.Id));
        var second = await _desk.LoadAsync(supplier, PriceDesk.Csv("HAND", 1, 40));
        Assert.Equal(40, await _desk.PriceOfAsync(part.Id));
        await AssertHistoryAsync(part.Id, (40, "hand", true), (30, null, false), (20, "hand", false), (10, null, false));
        await _desk.RollBackAsync(second);
        Assert.Equal(30, await _desk.PriceOfAsync(part.Id)); // the first list is older than the price by hand
        await AssertHistoryAsync(part.Id, (40, "hand", false), (30, null, true), (20, "hand", false), (10, null, false));
        await _desk.RollBackAsync(first);
        Assert.Equal(30, await _desk.PriceOfAsync(part.Id));

        var history = (await HistoryAsync(part.Id)).ToList();
        Assert.Equal("test-client", history[1].GetProperty("changedBy").GetString());
        Assert.All([history[0], history[2]], e => Assert.NotNull(e.GetProperty("list").GetProperty("rolledBackAt").GetString()));
        Assert.Equal(second.GetProperty("id").GetGuid(), history[0].GetProperty("list").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Of_two_suppliers_the_later_list_counts_and_a_new_list_replaces_all_of_the_suppliers_prices()
    {
        var (one, two) = (await _desk.AddSupplierAsync("one"), await _desk.AddSupplierAsync("two"));
        var parts = await _desk.AddPartsAsync("BOTH", 2);
        await _desk.LoadAsync(one, PriceDesk.Csv("BOTH", 2, 20));
        var second = await _desk.LoadAsync(two, PriceDesk.Csv("BOTH", 1, 25));
        Assert.Equal((25m, 20m), await PricesAsync());
        await _desk.LoadAsync(one, $"sku,price\n{parts[1].Sku},21\n"); // no longer has the first part
        Assert.Equal((25m, 21m), await PricesAsync());
        await _desk.RollBackAsync(second);
        Assert.Equal((10m, 21m), await PricesAsync());

        async Task<(decimal, decimal)> PricesAsync() => (await _desk.PriceOfAsync(parts[0].Id), await _desk.PriceOfAsync(parts[1].Id));
    }

    [Fact]
    public async Task History_is_paged_newest_first_and_unknown_parts_have_none()
    {
        var supplier = await _desk.AddSupplierAsync("history");
        var part = (await _desk.AddPartsAsync("HISTORY", 1)).Single();
        for (var i = 1; i <= 3; i++)
        {
            await _desk.LoadAsync(supplier, PriceDesk.Csv("HISTORY", 1, 20 + i));
            await EditAsync(part.Id, 30 + i);
        }
        var prices = (await _desk.AllAsync($"/api/v1/products/{part.Id}/prices?size=2")).Select(e => e.GetProperty("priceExclTax").GetDecimal());
        Assert.Equal([33, 23, 32, 22, 31, 21, 10], prices);
        using var unknown = await catalog.Client.GetAsync($"/api/v1/products/{Guid.CreateVersion7()}/prices", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var tampered = await catalog.Client.GetAsync($"/api/v1/products/{part.Id}/prices?after=made-up", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, tampered.StatusCode);
    }

    private async Task EditAsync(Guid part, decimal price)
    {
        var view = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products/{part}", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/products/{part}") { Content = JsonContent.Create(Catalog.Part(view.GetProperty("sku").GetString()!, ("priceExclTax", price))) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await catalog.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task AssertConflictAsync(JsonElement list, string word)
    {
        using var response = await _desk.TryRollBackAsync(list);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains(word, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<IEnumerable<JsonElement>> HistoryAsync(Guid part) =>
        (await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products/{part}/prices", Cancellation)).GetProperty("items").EnumerateArray();

    private async Task AssertHistoryAsync(Guid part, params (decimal Price, string? Supplier, bool Counts)[] expected) =>
        Assert.Equal(expected, (await HistoryAsync(part)).Select(e => (e.GetProperty("priceExclTax").GetDecimal(),
            e.GetProperty("list") is { ValueKind: JsonValueKind.Object } list ? list.GetProperty("supplier").GetString() : null, e.GetProperty("counts").GetBoolean())));
}
