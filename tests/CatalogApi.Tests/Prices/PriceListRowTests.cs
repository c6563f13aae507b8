using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>Wrong rows under the three policies, and trials.</summary>
public sealed class PriceListRowTests(Catalog catalog) : IClassFixture<Catalog>
{
    private readonly PriceDesk _desk = new(catalog);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Line, column, word of the reason.
    private static readonly (int Line, string Column, string Reason)[] s_wrong =
    [
        (4, "sku", "There is no part 'UNKNOWN'"), (5, "price", "negative"), (6, "price", "more than three decimals"), (7, "price", "above 999999999.999"),
        (8, "price", "missing"), (9, "price", "is not a number"), (10, "sku", "missing"), (11, "sku", "already in line 2"), (12, "row", "has 2 fields"), (13, "currency", "EUR"),
        (14, "sku", "is deleted"), (15, "sku", "at most 64"), (16, "price", "is not a number"),
    ];

    private static string Mixed(string p) => $"""
        sku,price,currency
        {p}-0000,20.5,TND
        {p}-0001,21,TND
        UNKNOWN,1,TND
        {p}-0002,-1,TND
        {p}-0002,1.2345,TND
        {p}-0002,1000000000,TND
        {p}-0002,,TND
        {p}-0002,cheap,TND
        ,3,TND
        {p}-0000,22,TND
        {p}-0002,3
        {p}-0002,3,EUR
        {p}-0003,3,TND
        {new string('x', 65)},3,TND
        {p}-0002,NaN,TND

        """;

    [Theory]
    [InlineData("", "refused", true)]
    [InlineData("&onError=reject-all", "refused", true)]
    [InlineData("&onError=reject-rows", "applied", true)]
    [InlineData("&onError=ignore", "applied", false)]
    [InlineData("&dryRun=true", "checked", true)]
    [InlineData("&dryRun=true&onError=reject-rows", "checked", true)]
    public async Task A_wrong_row_does_what_was_asked(string query, string state, bool reported)
    {
        var name = $"row-{Guid.NewGuid():N}"[..12];
        var supplier = await _desk.AddSupplierAsync(name);
        var parts = await _desk.AddPartsAsync(name, 4);
        await using (var context = catalog.Context())
            await context.Products.Where(p => p.Id == parts[3].Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.DeletedAt, DateTimeOffset.UtcNow), Cancellation);
        var sums = await SumsAsync();

        var list = await _desk.LoadAsync(supplier, Mixed(name), query);
        Assert.Equal(state, list.GetProperty("state").GetString());
        Assert.Equal((15, s_wrong.Length), (list.GetProperty("rowsRead").GetInt32(), list.GetProperty("rowsRefused").GetInt32()));
        var errors = await _desk.ErrorsAsync(list);
        if (!reported) Assert.Empty(errors);
        else
        {
            Assert.Equal(s_wrong.Select(w => (w.Line, w.Column)), errors.Select(e => (e.Line, e.Column)));
            foreach (var (wrong, error) in s_wrong.Zip(errors))
                foreach (var word in wrong.Reason.Split(" in line ")) Assert.Contains(word, error.Reason, StringComparison.Ordinal);
        }

        decimal[] prices = [await _desk.PriceOfAsync(parts[0].Id), await _desk.PriceOfAsync(parts[1].Id), await _desk.PriceOfAsync(parts[2].Id)];
        Assert.Equal(state == "applied" ? [20.5m, 21m, 10m] : [10m, 10m, 10m], prices);
        Assert.Equal(state == "applied" ? 2 : 0, list.GetProperty("rowsApplied").GetInt32());
        if (state != "applied") Assert.Equal(sums, await SumsAsync());
    }

    [Fact]
    public async Task Of_the_rows_of_one_part_the_first_right_one_counts()
    {
        var supplier = await _desk.AddSupplierAsync("twice");
        var part = (await _desk.AddPartsAsync("TWICE", 1)).Single();
        var list = await _desk.LoadAsync(supplier, $"sku,price\n{part.Sku},wrong\n{part.Sku},11\n{part.Sku},12\n", "&onError=reject-rows");
        Assert.Equal([(2, "price"), (4, "sku")], (await _desk.ErrorsAsync(list)).Select(e => (e.Line, e.Column)));
        Assert.Equal(11, await _desk.PriceOfAsync(part.Id));
    }

    [Theory]
    [InlineData("reject-rows")]
    [InlineData("ignore")]
    public async Task A_list_without_a_right_row_takes_no_price_away(string onError)
    {
        var supplier = await _desk.AddSupplierAsync($"none-{onError}");
        var part = (await _desk.AddPartsAsync($"NONE-{onError}", 1)).Single();
        await _desk.LoadAsync(supplier, $"sku,price\n{part.Sku},11\n");
        var empty = await _desk.LoadAsync(supplier, "sku,price\nUNKNOWN,1\n", $"&onError={onError}");
        Assert.Equal("refused", empty.GetProperty("state").GetString());
        Assert.Equal(11, await _desk.PriceOfAsync(part.Id));
    }

    [Fact]
    public async Task Wrong_elements_of_JSON_are_reported_by_their_place()
    {
        var supplier = await _desk.AddSupplierAsync("json");
        var body = """[1, {"sku":5,"priceExclTax":1}, {"sku":"A","priceExclTax":"1"}, {"sku":"A","price":1}, {"priceExclTax":1}, {"sku":"A"}, null, {"sku":"\ud800","priceExclTax":1}, {"sku":"A\u0000B","priceExclTax":1}]"""u8;
        using var response = await _desk.SendAsync(supplier, body.ToArray(), "application/json");
        var list = await _desk.FinishAsync(response);
        Assert.Equal([(1, "row"), (2, "sku"), (3, "priceExclTax"), (4, "row"), (5, "sku"), (6, "priceExclTax"), (7, "row"), (8, "sku"), (9, "sku")],
            (await _desk.ErrorsAsync(list)).Select(e => (e.Line, e.Column)));
    }

    [Fact]
    public async Task Of_many_wrong_rows_all_are_counted_and_the_first_thousand_reported()
    {
        var supplier = await _desk.AddSupplierAsync("many");
        var list = await _desk.LoadAsync(supplier, PriceDesk.Csv("UNHEARD-OF", 2_500, 1));
        Assert.Equal((2_500, "refused"), (list.GetProperty("rowsRefused").GetInt32(), list.GetProperty("state").GetString()));
        Assert.Equal(Enumerable.Range(2, 1_000), (await _desk.ErrorsAsync(list)).Select(e => e.Line));
    }

    private async Task<JsonElement> ReadIndexAsync() => await catalog.Client.GetFromJsonAsync<JsonElement>("/api/v1/price-index", Cancellation);

    private async Task<(string, int)> SumsAsync()
    {
        var index = await ReadIndexAsync();
        return (index.GetProperty("currentValue").GetRawText(), index.GetProperty("items").GetArrayLength());
    }
}
