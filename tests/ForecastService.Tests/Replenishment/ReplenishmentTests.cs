using System.Net.Http.Json;
using System.Text.Json;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Replenishment;

public sealed class ReplenishmentTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_is_ordered_up_to_the_quantile_of_its_demand_over_lead_time_and_review()
    {
        await using var planner = await StartAsync();
        await Shop.ForecastAsync(planner.Database, Cancellation, ("A", 50, 20)); // two months: mean 100, deviation 20
        await Shop.StockAsync(planner.Database, "A", 12.5m, Cancellation, ("tunis", 70, 10));

        var line = await OneAsync(planner, "A");
        Assert.Equal("tunis", line.GetProperty("warehouse").GetString());
        Assert.Equal(60, Number(line, "position"));
        Assert.Equal(100, Number(line, "forecast"));
        Assert.Equal(133, Number(line, "reorderPoint")); // 100 + 1.645 x 20 = 132.9
        Assert.Equal(33, Number(line, "safetyStock"), 9);
        Assert.Equal(73, Number(line, "proposedOrder"));
        Assert.Equal(12.5, Number(line, "unitValue"));
        Assert.Equal(Number(line, "expectedShortage") * 12.5, Number(line, "moneyAtRisk"), 9);
        Assert.InRange(Number(line, "expectedShortage"), 40, 40.5); // normal loss at -2 deviations: 40 + 0.0085 x 20
        Assert.Contains("Order 73", line.GetProperty("reason").GetString(), StringComparison.Ordinal);

        Assert.Equal(147, Number(await OneAsync(planner, "A", "?serviceLevel=0.99"), "reorderPoint")); // 100 + 2.326 x 20
    }

    [Fact]
    public async Task Plans_decide_lead_time_packs_minimum_order_and_what_is_on_its_way()
    {
        await using var planner = await StartAsync();
        await Shop.ForecastAsync(planner.Database, Cancellation, ("A", 50, 20), ("B", 50, 20), ("C", 50, 20));
        await planner.PlanAsync("sku,pack_size,minimum_order,on_order\nA,25,0,60\nB,1,500,0\n");
        Assert.Equal(75, Number(await OneAsync(planner, "A"), "proposedOrder")); // 133 - 60 = 73, in packs of 25
        Assert.Equal(500, Number(await OneAsync(planner, "B"), "proposedOrder"));

        await planner.PlanAsync("sku,lead_time_days,review_days\nC,92,30\n"); // five months
        var longer = await OneAsync(planner, "C");
        Assert.Equal(5, Number(longer, "protectionPeriods"));
        Assert.Equal(250, Number(longer, "forecast"));
        Assert.Equal(303, Number(longer, "reorderPoint")); // 250 + 1.645 x 20 x sqrt(5/2) = 302.0, the curve at .95 exactly 302.01
    }

    [Fact]
    public async Task Fill_rates_and_costs_are_targets_too()
    {
        await using var planner = await StartAsync();
        await Shop.ForecastAsync(planner.Database, Cancellation, ("F", 50, 20), ("K", 50, 20));
        await planner.PlanAsync("sku,target,service_level,holding_cost,shortage_cost\nF,fillRate,0.9,,\nK,costs,,1,3\n");
        Assert.InRange(Number(await OneAsync(planner, "F"), "reorderPoint"), 103, 108); // E[shortage] = 5 of 50: below the 95 % quantile
        Assert.Equal(114, Number(await OneAsync(planner, "K"), "reorderPoint")); // 3 / (3 + 1): 100 + 0.674 x 20 = 113.5
        Assert.Equal(133, Number(await OneAsync(planner, "K", "?serviceLevel=0.95"), "reorderPoint"));
    }

    [Fact]
    public async Task Warehouses_share_the_demand_and_the_shares_add_up()
    {
        await using var planner = await StartAsync();
        await Shop.ForecastAsync(planner.Database, Cancellation, ("A", 50, 20));
        await Shop.StockAsync(planner.Database, "A", 1, Cancellation, ("sfax", 5, 0), ("tunis", 5, 0));
        Assert.Equal("50, 50", await ForecastsAsync());
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/planning/A?warehouse=tunis") { Content = JsonContent.Create(new { demandShare = 0.8 }) };
        request.Headers.Add("If-Match", "\"0\"");
        (await planner.Client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();
        Assert.Equal("20, 80", await ForecastsAsync());

        async Task<string> ForecastsAsync() => string.Join(", ", (await planner.GetAsync("/api/v1/replenishment/A")).GetProperty("warehouses").EnumerateArray().Select(l => Math.Round(Number(l, "forecast"), 9)));
    }

    [Fact]
    public async Task The_list_starts_with_most_money_at_risk_and_its_pages_are_whole()
    {
        await using var planner = await StartAsync();
        await Shop.ForecastAsync(planner.Database, Cancellation, [.. Enumerable.Range(1, 25).Select(i => ($"P{i:00}", i % 7 * 10.0, 5.0))]);
        await Shop.StockAsync(planner.Database, "P01", 1_000, Cancellation, ("tunis", 3, 0));
        var seen = new List<(double, string)>();
        for (string? address = "/api/v1/replenishment?size=4"; address is not null;)
        {
            var page = await planner.GetAsync(address);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(l => (Number(l, "moneyAtRisk"), l.GetProperty("sku").GetString()!)));
            address = page.GetProperty("next").GetString() is { } next ? $"/api/v1/replenishment?size=4&after={next}" : null;
        }

        Assert.Equal(25, seen.Select(s => s.Item2).Distinct().Count());
        Assert.Equal(25, seen.Count);
        Assert.Equal("P01", seen[0].Item2);
        Assert.Equal(seen.OrderByDescending(s => s.Item1).ThenBy(s => s.Item2, StringComparer.Ordinal), seen);
        var ofTunis = (await planner.GetAsync("/api/v1/replenishment?warehouse=tunis")).GetProperty("items");
        Assert.Equal("P01", Assert.Single(ofTunis.EnumerateArray()).GetProperty("sku").GetString());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/replenishment") { Headers = { { "Accept", "text/csv" } } };
        using var csv = await planner.Client.SendAsync(request, Cancellation);
        var lines = (await csv.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("sku,warehouse,on_hand", lines[0], StringComparison.Ordinal);
        Assert.Equal(seen.Select(s => s.Item2), lines.Skip(1).Select(l => l.Split(',')[0]));
    }

    [Fact]
    public async Task A_discontinued_part_is_not_ordered()
    {
        await using var planner = await StartAsync();
        await Shop.ForecastAsync(planner.Database, Cancellation, ("OLD", 50, 20));
        await planner.PlanAsync("sku,discontinued\nOLD,1\n");
        var line = await OneAsync(planner, "OLD");
        Assert.Equal((0, 0, 0), (Number(line, "proposedOrder"), Number(line, "forecast"), Number(line, "moneyAtRisk")));
        Assert.Contains("discontinued", line.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_service_costs_more_stock_on_the_curve()
    {
        await using var planner = await StartAsync();
        await Shop.ForecastAsync(planner.Database, Cancellation, ("A", 50, 20));
        var curve = await planner.GetAsync("/api/v1/replenishment/A/curve");
        var points = curve.GetProperty("points").EnumerateArray().Select(p => (Number(p, "cycleService"), Number(p, "fillRate"), Number(p, "expectedStock"))).ToList();
        Assert.True(points.Count > 5);
        Assert.Equal(points.Order(), points);
        Assert.InRange(points[0].Item3, 7, 9); // half of the cycles: 0.399 x 20 = 8.0 left on average
    }

    [Theory]
    [InlineData("/api/v1/replenishment?serviceLevel=0", 400)]
    [InlineData("/api/v1/replenishment?serviceLevel=1", 400)]
    [InlineData("/api/v1/replenishment?serviceLevel=-0.5", 400)]
    [InlineData("/api/v1/replenishment?serviceLevel=NaN", 400)]
    [InlineData("/api/v1/replenishment?serviceLevel=high", 400)]
    [InlineData("/api/v1/replenishment?size=0", 400)]
    [InlineData("/api/v1/replenishment?after=x", 400)]
    [InlineData("/api/v1/replenishment?warehouse=nowhere", 422)]
    [InlineData("/api/v1/replenishment/NOBODY", 404)]
    [InlineData("/api/v1/replenishment/NOBODY/curve", 404)]
    public async Task What_cannot_be_answered_is_a_problem(string address, int status)
    {
        await using var planner = await StartAsync();
        Assert.Equal(status, (await Planner.RefusedAsync(planner.Client.GetAsync(address, Cancellation))).Status);
    }

    [Fact]
    public async Task Before_the_first_training_there_is_nothing_to_order()
    {
        await using var planner = await StartAsync();
        Assert.Equal(0, (await planner.GetAsync("/api/v1/replenishment")).GetProperty("items").GetArrayLength());
    }

    private async Task<Planner> StartAsync()
    {
        var planner = new Planner(servers);
        await planner.InitializeAsync();
        return planner;
    }

    private static async Task<JsonElement> OneAsync(Planner planner, string sku, string query = "") =>
        Assert.Single((await planner.GetAsync($"/api/v1/replenishment/{sku}{query}")).GetProperty("warehouses").EnumerateArray());

    private static double Number(JsonElement line, string name) => line.GetProperty(name).GetDouble();
}
