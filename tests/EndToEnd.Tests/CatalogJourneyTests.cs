using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.EndToEnd.Tests;

public sealed class CatalogJourneyTests(ShabouApp app)
{
    [Fact]
    public async Task A_page_of_100_products_costs_one_SQL_statement()
    {
        using var client = await app.NewClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/products?size=100");
        request.Headers.Add("X-Request-ID", "journey-one-statement");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var page = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(100, page.GetProperty("items").GetArrayLength());
        Assert.All(page.GetProperty("items").EnumerateArray(), p => Assert.NotEmpty(p.GetProperty("brand").GetProperty("name").GetString()!));
        await app.Logs.WaitForAsync("catalog", "journey-one-statement", "with 1 SQL commands");
    }
}
