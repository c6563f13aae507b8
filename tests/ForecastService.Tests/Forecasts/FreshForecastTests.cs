using System.Globalization;
using System.Net;

namespace Shabou.ForecastService.Tests.Forecasts;

public sealed class FreshForecastTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_forecast_knows_demand_that_came_after_the_training()
    {
        var sku = await TrainedAsync();
        var stored = await planner.GetAsync($"/api/v1/forecasts/{sku}");
        await planner.ImportAsync($"sku,period,quantity\n{sku},2026-07-01,50\n");
        var fresh = await planner.GetAsync($"/api/v1/forecasts/{sku}?fresh=true");
        Assert.Equal("2026-08-01", fresh.GetProperty("steps")[0].GetProperty("period").GetString());
        Assert.True(fresh.GetProperty("steps")[0].GetProperty("mean").GetDouble() > stored.GetProperty("steps")[0].GetProperty("mean").GetDouble());
        Assert.Equal((true, false), (fresh.GetProperty("fresh").GetBoolean(), stored.GetProperty("fresh").GetBoolean()));
        Assert.Equal(stored.GetProperty("modelVersion").GetString(), fresh.GetProperty("modelVersion").GetString());
        Assert.Equal("2026-07-01", (await planner.GetAsync($"/api/v1/forecasts/{sku}")).GetProperty("steps")[0].GetProperty("period").GetString()); // the stored one stays
    }

    [Fact]
    public async Task Of_unchanged_demand_a_fresh_forecast_is_the_stored_one()
    {
        var sku = await TrainedAsync();
        var stored = await planner.Client.GetStringAsync($"/api/v1/forecasts/{sku}", Cancellation);
        var fresh = await planner.Client.GetStringAsync($"/api/v1/forecasts/{sku}?fresh=true", Cancellation);
        Assert.Equal(stored, fresh.Replace("\"fresh\":true", "\"fresh\":false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_horizon_shortens_it_and_cannot_go_beyond_the_training()
    {
        var sku = await TrainedAsync();
        Assert.Equal(5, (await planner.GetAsync($"/api/v1/forecasts/{sku}?fresh=true&horizon=5")).GetProperty("steps").GetArrayLength());
        foreach (var horizon in new[] { 0, 13, -1 })
            Assert.Equal(400, (await Planner.RefusedAsync(planner.Client.GetAsync($"/api/v1/forecasts/{sku}?fresh=true&horizon={horizon.ToString(CultureInfo.InvariantCulture)}", Cancellation))).Status);
    }

    [Fact]
    public async Task A_fresh_forecast_of_an_older_version_is_refused_and_an_unknown_part_is_not_found()
    {
        var sku = await TrainedAsync();
        Assert.Equal(400, (await Planner.RefusedAsync(planner.Client.GetAsync($"/api/v1/forecasts/{sku}?fresh=true&version=x", Cancellation))).Status);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/forecasts/NOPE?fresh=true", Cancellation))).Status);
    }

    [Fact]
    public async Task A_new_version_is_used_as_soon_as_it_is_served()
    {
        var sku = await TrainedAsync();
        for (var run = 0; run < 3; run++)
        {
            var version = (await planner.TrainAsync()).GetProperty("result").GetProperty("modelVersion").GetString();
            Assert.Equal(version, (await planner.GetAsync($"/api/v1/forecasts/{sku}?fresh=true")).GetProperty("modelVersion").GetString());
        }
    }

    private async Task<string> TrainedAsync()
    {
        var sku = $"F{Guid.NewGuid():N}";
        await planner.ImportAsync($"id,start,frequency,v1,v2,v3,v4,v5,v6\n{sku},2026-01-01,M,1,0,2,0,0,3\n");
        Assert.Equal("completed", (await planner.TrainAsync()).GetProperty("state").GetString());
        return sku;
    }
}

public sealed class UntrainedTests(Planner planner) : IClassFixture<Planner>
{
    [Fact]
    public async Task Before_the_first_training_a_fresh_forecast_says_what_to_do()
    {
        await planner.ImportAsync("sku,period,quantity\nU,2026-07-01,50\n");
        var refused = await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/forecasts/U?fresh=true", TestContext.Current.CancellationToken));
        Assert.Equal((int)HttpStatusCode.NotFound, refused.Status);
        Assert.Contains("/api/v1/training-runs", refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
