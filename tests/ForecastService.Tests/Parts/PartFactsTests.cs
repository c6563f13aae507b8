using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Tests.Replenishment;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Parts;

/// <summary>Each test on a database of its own: a training run takes all there is.</summary>
public sealed class PartFactsTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demand_of_a_replaced_part_flows_to_its_replacement()
    {
        await using var planner = await StartAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        var (oldest, old, current) = (await Shop.AddPartAsync(context, "OLDEST", 5, "filtres", Cancellation), await Shop.AddPartAsync(context, "OLD", 5, "filtres", Cancellation),
            await Shop.AddPartAsync(context, "NEW", 5, "filtres", Cancellation));
        (oldest.ReplacedById, old.ReplacedById, old.DeletedAt) = (old.Id, current.Id, old.CreatedAt);
        await context.SaveChangesAsync(Cancellation);
        await planner.ImportAsync("id,start,frequency,v1,v2,v3,v4,v5,v6,v7,v8\n" +
            "OLDEST,2026-01-01,M,4,4,4,4,,,,\nOLD,2026-03-01,M,6,6,6,6,,,,\nNEW,2026-05-01,M,4,4,10,10,,,,\nALONE,2026-01-01,M,1,1,1,1,1,1,1,1\n");
        Assert.Equal("completed", (await planner.TrainAsync()).GetProperty("state").GetString());

        var forecast = await planner.GetAsync("/api/v1/forecasts/NEW");
        Assert.Equal("2026-09-01", forecast.GetProperty("steps")[0].GetProperty("period").GetString());
        // 4 4 10 10 10 10 10 10 together; alone it would be 4 4 10 10.
        var input = await context.Forecasts.Where(f => f.Sku == "NEW").Select(f => f.Input).SingleAsync(Cancellation);
        Assert.Contains("[4,4,10,10,10,10,10,10]", input!.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var sku in new[] { "OLD", "OLDEST" })
        {
            var replaced = await planner.GetAsync($"/api/v1/forecasts/{sku}");
            Assert.All(replaced.GetProperty("steps").EnumerateArray(), step => Assert.Equal(0, step.GetProperty("mean").GetDouble()));
            Assert.Contains("replaced by NEW", replaced.GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.True((await planner.GetAsync($"/api/v1/forecasts/{sku}/replay")).GetProperty("identical").GetBoolean());
        }

        // Made now they are the same.
        foreach (var sku in new[] { "NEW", "OLD", "OLDEST" })
        {
            var (stored, fresh) = (await planner.GetAsync($"/api/v1/forecasts/{sku}"), await planner.GetAsync($"/api/v1/forecasts/{sku}?fresh=true"));
            Assert.Equal(stored.GetProperty("steps").GetRawText(), fresh.GetProperty("steps").GetRawText());
            Assert.Equal(stored.GetProperty("reason").GetString(), fresh.GetProperty("reason").GetString());
        }
    }

    [Fact]
    public async Task A_part_without_demand_is_forecast_from_its_group_and_says_so()
    {
        await using var planner = await StartAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        var rows = new System.Text.StringBuilder("sku,period,quantity\n");
        for (var part = 0; part < 12; part++)
        {
            await Shop.AddPartAsync(context, $"G{part}", 5, "freins", Cancellation);
            for (var month = 1; month <= 12; month++) rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"G{part},2025-{month:00}-01,{20 + (part + month) % 3}\n");
        }

        await Shop.AddPartAsync(context, "BRAND-NEW", 5, "freins", Cancellation);
        await planner.ImportAsync(rows.ToString());
        Assert.Equal("completed", (await planner.TrainAsync()).GetProperty("state").GetString());
        var forecast = await planner.GetAsync("/api/v1/forecasts/BRAND-NEW");
        Assert.Equal("noHistory", forecast.GetProperty("fallback").GetString());
        Assert.Equal("2026-01-01", forecast.GetProperty("steps")[0].GetProperty("period").GetString());
        Assert.InRange(forecast.GetProperty("steps")[0].GetProperty("mean").GetDouble(), 10, 30);
    }

    [Fact]
    public async Task Plans_and_promotions_reach_the_model()
    {
        await using var planner = await StartAsync();
        await using var context = TestServers.ContextOn(planner.Database);
        await Shop.AddPartAsync(context, "P", 7.5m, "huiles", Cancellation);
        await planner.ImportAsync("id,start,frequency,v1,v2,v3,v4\nP,2026-01-01,M,4,5,4,5\nUNKNOWN,2026-01-01,M,4,5,4,5\nSTOPPED,2026-01-01,M,4,5,4,5\n");
        await planner.PlanAsync("sku,lead_time_days,review_days,discontinued\nP,61,30,\nSTOPPED,,,1\n");
        using var promotions = Planner.Csv("group,from,to,name\nhuiles/,2026-02-01,2026-02-28,Ramadan\nhuiles,2026-05-01,2026-05-31,Summer\n");
        (await planner.Client.PostAsync("/api/v1/promotions", promotions, Cancellation)).EnsureSuccessStatusCode();
        Assert.Equal("completed", (await planner.TrainAsync(new { horizon = 2 })).GetProperty("state").GetString());

        var input = System.Text.Json.JsonDocument.Parse((await context.Forecasts.Where(f => f.Sku == "P").Select(f => f.Input).SingleAsync(Cancellation))!).RootElement;
        Assert.Equal("huiles/", input.GetProperty("group").GetString());
        Assert.Equal(7.5, input.GetProperty("unitValue").GetDouble());
        Assert.Equal(3, input.GetProperty("protectionPeriods").GetInt32());
        Assert.Equal([0, 1, 0, 0, 1, 0], input.GetProperty("regressors")[0].EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal(3, (await planner.GetAsync("/api/v1/forecasts/P")).GetProperty("protection").GetProperty("periods").GetInt32());
        Assert.Equal(0, (await planner.GetAsync("/api/v1/forecasts/STOPPED")).GetProperty("steps")[0].GetProperty("mean").GetDouble());
        Assert.True((await planner.GetAsync("/api/v1/forecasts/UNKNOWN")).GetProperty("steps")[0].GetProperty("mean").GetDouble() > 0);
    }

    private async Task<Planner> StartAsync()
    {
        var planner = new Planner(servers);
        await planner.InitializeAsync();
        return planner;
    }
}
