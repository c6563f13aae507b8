using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shabou.CatalogApi.Prices;

namespace Shabou.CatalogApi.Tests.Prices;

public sealed class PriceIndexTests(Catalog catalog) : IClassFixture<Catalog>
{
    private readonly PriceDesk _desk = new(catalog);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3", "3.5", "116.6667")]
    [InlineData("2", "2.000001", "100.0001")] // a tie goes up
    [InlineData("3", "3.000001", "100.0000")]
    [InlineData("7", "0", "0.0000")]
    [InlineData("999999999999999999.999999", "999999999999999999.999999", "100.0000")]
    public void The_index_is_rounded_once_half_up(string baseValue, string currentValue, string expected)
    {
        var (p0, p) = (decimal.Parse(baseValue, System.Globalization.CultureInfo.InvariantCulture), decimal.Parse(currentValue, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected, PriceIndex.Of(decimal.Round(p0, 6), p)?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void An_empty_basket_has_no_index() => Assert.Null(PriceIndex.Of(0, 0));

    [Fact]
    public async Task The_index_weighs_prices_by_base_quantities_and_follows_lists_and_rollbacks()
    {
        // 10.000 x 3 + 20.000 x 1 = 50; the list makes it 12.000 x 3 + 20.000 x 1 = 56.
        var supplier = await _desk.AddSupplierAsync("weights");
        await _desk.AddPartsAsync("HEAVY", 1, price: 10, brand: "valeo", category: "plaquettes", quantity: 3);
        await _desk.AddPartsAsync("LIGHT", 1, price: 20, brand: "valeo", category: "freinage");
        await _desk.AddPartsAsync("OTHER", 1, price: 100, brand: "bosch", category: "filtration");
        var start = DateTimeOffset.UtcNow;
        var list = await _desk.LoadAsync(supplier, PriceDesk.Csv("HEAVY", 1, 12));
        await AssertIndexAsync("brand=valeo", "112.0000", 1);
        await AssertIndexAsync("category=plaquettes", "120.0000", 1);
        await AssertIndexAsync("category=freinage", "112.0000", 1); // with the categories below it
        await AssertIndexAsync("brand=valeo&category=plaquettes", "120.0000", 1);
        await AssertIndexAsync("brand=bosch", "100.0000", 0); // the list did not change it
        await AssertIndexAsync("", "104.0000", 1); // 156 / 150
        await _desk.RollBackAsync(list);
        var points = await AssertIndexAsync("brand=valeo", "100.0000", 2);
        Assert.Equal(["112.0000", "100.0000"], points.Select(p => p.GetProperty("index").GetRawText()));

        var applied = points[0].GetProperty("at").GetDateTimeOffset();
        await AssertIndexAsync($"brand=valeo&to={applied:yyyy-MM-ddTHH:mm:ss.ffffff}Z", "100.0000", 1);
        await AssertIndexAsync($"brand=valeo&from={applied.AddMicroseconds(1):yyyy-MM-ddTHH:mm:ss.ffffff}Z", "100.0000", 1);
        await AssertIndexAsync($"brand=valeo&to={start:yyyy-MM-ddTHH:mm:ss}Z", "100.0000", 0);
        var first = await catalog.Client.GetFromJsonAsync<JsonElement>("/api/v1/price-index?brand=valeo&size=1", Cancellation);
        var second = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/price-index?brand=valeo&size=1&after={first.GetProperty("next").GetString()}", Cancellation);
        Assert.Equal("100.0000", Assert.Single(second.GetProperty("items").EnumerateArray()).GetProperty("index").GetRawText());
        Assert.Null(second.GetProperty("next").GetString());
    }

    [Theory]
    [InlineData("brand=nobody", HttpStatusCode.UnprocessableEntity, "brand")]
    [InlineData("category=nothing", HttpStatusCode.UnprocessableEntity, "category")]
    [InlineData("from=2026-02-01&to=2026-01-01", HttpStatusCode.BadRequest, "to")]
    [InlineData("from=yesterday", HttpStatusCode.BadRequest, "from")]
    [InlineData("size=0", HttpStatusCode.BadRequest, "size")]
    [InlineData("after=made-up", HttpStatusCode.BadRequest, "after")]
    public async Task A_wrong_question_is_refused_by_name(string query, HttpStatusCode expected, string name)
    {
        using var response = await catalog.Client.GetAsync($"/api/v1/price-index?{query}", Cancellation);
        Assert.Equal(expected, response.StatusCode);
        Assert.Contains(name, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private async Task<List<JsonElement>> AssertIndexAsync(string query, string index, int points)
    {
        var view = await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/v1/price-index?{query}", Cancellation);
        Assert.Equal((query, index, points), (query, view.GetProperty("index").GetRawText(), view.GetProperty("items").GetArrayLength()));
        return [.. view.GetProperty("items").EnumerateArray()];
    }
}
