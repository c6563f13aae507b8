using System.Text.Json;
using Shabou.ForecastService.Tests.Replenishment;

namespace Shabou.ForecastService.Tests.Accuracy;

public sealed class LiveScoresTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_versions_stored_forecasts_are_scored_on_the_demand_that_arrives()
    {
        await planner.ImportAsync("sku,period,quantity\nL,2026-06-01,40\n");
        await Shop.ForecastAsync(planner.Database, Cancellation, ("L", 50, 20));
        await Shop.ForecastAsync(planner.Database, Cancellation, ("L", 70, 20));
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/accuracy/L", Cancellation))).Status); // nothing has arrived yet
        // Out of stock is no demand, and July of the next year is beyond the horizon.
        await planner.ImportAsync("sku,period,quantity,in_stock\nL,2026-07-01,60,1\nL,2026-08-01,80,1\nL,2026-09-01,0,0\nL,2027-07-01,500,1\n");

        var accuracy = await planner.GetAsync("/api/v1/accuracy/L");
        Assert.Empty(accuracy.GetProperty("versions").EnumerateArray());
        var live = accuracy.GetProperty("live").EnumerateArray().ToList();
        Assert.Equal([true, false], live.Select(v => v.GetProperty("active").GetBoolean())); // the newest first
        Assert.All(live, v => Assert.Equal((2, 140), (v.GetProperty("periods").GetInt32(), v.GetProperty("demand").GetDouble())));
        Assert.Equal([20 / 140.0, 40 / 140.0], live.Select(v => v.GetProperty("wape").GetDouble())); // 70, 70 and 50, 50 for 60, 80
        Assert.Equal([0, -40 / 140.0], live.Select(v => v.GetProperty("bias").GetDouble()));
        Assert.Equal([10, 20], live.Select(v => v.GetProperty("mae").GetDouble()));
        // All quantiles are the mean. 70: 10 too much at 60, 10 too little at 80: at .5 and .95 together 5 + .5 and 5 + 9.5.
        Assert.Equal(20 / 4.0, live[0].GetProperty("pinball").GetDouble(), 9);
        Assert.Equal(JsonValueKind.Null, live[0].GetProperty("coverage95").ValueKind); // that version has no such levels
    }
}
