using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Shabou.ForecastService.Tests.Replenishment;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Promotions;

public sealed class PromotionTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promotions_come_by_csv_or_json_once_and_go_one_by_one()
    {
        await using (var context = TestServers.ContextOn(planner.Database)) await Shop.AddPartAsync(context, "X", 1, "pneus", Cancellation);
        const string csv = "sku,group,from,to,kind,name\nTWICE,,2026-03-01,2026-03-31,flyer,Spring\n,pneus,2026-03-01,2026-03-31,,\n";
        Assert.Equal((2, 2), await ImportAsync(Planner.Csv(csv)));
        Assert.Equal((2, 0), await ImportAsync(Planner.Csv(csv)));
        Assert.Equal((1, 1), await ImportAsync(JsonContent.Create(new { promotions = new[] { new { sku = "TWICE", from = "2026-05-01", to = "2026-05-02" } } })));

        var of = (await planner.GetAsync("/api/v1/promotions?sku=TWICE")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["flyer", "promotion"], of.Select(p => p.GetProperty("kind").GetString()));
        var address = $"/api/v1/promotions/{of[0].GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.NoContent, (await planner.Client.DeleteAsync(address, Cancellation)).StatusCode);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.DeleteAsync(address, Cancellation))).Status);
    }

    [Theory]
    [InlineData("sku,from,to\nBAD,2026-03-02,2026-03-01\n")]
    [InlineData("sku,from,to\nBAD,soon,2026-03-01\n")]
    [InlineData("sku,from,to\n,2026-03-01,2026-03-02\n")]
    [InlineData("sku,group,from,to\nBAD,pneus,2026-03-01,2026-03-02\n")]
    [InlineData("group,from,to\nnowhere/,2026-03-01,2026-03-02\n")]
    [InlineData("sku,from,to\nBAD,1800-03-01,1800-03-02\n")]
    [InlineData("sku,from,to\nBAD,1950-03-01,2150-03-02\n")]
    [InlineData("sku,from\nBAD,2026-03-01\n")]
    [InlineData("sku,from,to,discount\nBAD,2026-03-01,2026-03-01,5\n")]
    [InlineData("sku,from,to\n")]
    [InlineData("{ \"promotions\": [ null ] }")]
    [InlineData("{ \"promotions\": [ { \"sku\": \"BAD\" } ] }")]
    [InlineData("{ \"promotions\": null }")]
    [InlineData("null")]
    public async Task Wrong_promotions_change_nothing(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, body.StartsWith("sku", StringComparison.Ordinal) || body.StartsWith("group", StringComparison.Ordinal) ? "text/csv" : "application/json");
        Assert.Equal(400, (await Planner.RefusedAsync(planner.Client.PostAsync("/api/v1/promotions", content, Cancellation))).Status);
        Assert.Equal(0, (await planner.GetAsync("/api/v1/promotions?sku=BAD")).GetProperty("items").GetArrayLength());
    }

    private async Task<(int, int)> ImportAsync(HttpContent content)
    {
        using var response = await planner.Client.PostAsync("/api/v1/promotions", content, Cancellation);
        response.EnsureSuccessStatusCode();
        var imported = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return (imported.GetProperty("rows").GetInt32(), imported.GetProperty("inserted").GetInt32());
    }
}
