using System.Globalization;
using System.Text;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Demand;

/// <summary>Input at the edges of what is allowed, and beyond them, over HTTP.</summary>
public sealed class BadInputTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sku,period,quantity\nX,2026-01-01,1\nX,2026-01-01,2\n", 400)] // twice
    [InlineData("sku,period,quantity\nX,2026-01-01,1\nX,2026-01-31,1\n", 400)] // the same month
    [InlineData("sku,period,quantity\nX,2026-01-01,-1\n", 400)]
    [InlineData("sku,period,quantity\nX,2026-01-01,NaN\n", 400)]
    [InlineData("sku,period,quantity\nX,2026-01-01,-Infinity\n", 400)]
    [InlineData("sku,period,quantity\nX,2026-01-01,1e999\n", 400)]
    [InlineData("sku,period,quantity\n", 400)]
    [InlineData("id,start,frequency,v1,v2\nX,2026-01-01,M,,\n", 400)] // nothing but missing values
    [InlineData("id,start,frequency,v1\nX,2026-01-01,M,1\nX,2026-01-05,W,1\n", 400)] // two frequencies
    [InlineData("", 400)]
    public async Task What_cannot_be_a_history_is_refused_and_leaves_nothing(string csv, int status)
    {
        Assert.Equal(status, (await Planner.RefusedAsync(planner.SendAsync(csv))).Status);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/demand/X", Cancellation))).Status);
    }

    [Theory]
    [InlineData("demand/NOBODY")]
    [InlineData("forecasts/NOBODY")]
    [InlineData("forecasts/NOBODY?fresh=true")]
    [InlineData("forecasts/NOBODY/replay")]
    [InlineData("accuracy/NOBODY")]
    [InlineData("replenishment/NOBODY")]
    [InlineData("replenishment/NOBODY/curve")]
    [InlineData("overrides/NOBODY/2026-01")]
    public async Task A_sku_that_nobody_knows_is_not_found(string address) =>
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync($"/api/v1/{address}", Cancellation))).Status);

    [Fact]
    public async Task A_part_whose_values_are_all_missing_does_not_stop_the_others()
    {
        await planner.ImportAsync("id,start,frequency,v1,v2\nEMPTY,2026-01-01,M,,\nFULL,2026-01-01,M,1,2\n");
        Assert.Equal(0, (await planner.GetAsync("/api/v1/demand/EMPTY")).GetProperty("observations").GetArrayLength());
        Assert.Equal(2, (await planner.GetAsync("/api/v1/demand/FULL")).GetProperty("observations").GetArrayLength());
    }
}

/// <summary>The longest history and the shortest and longest horizons, through training.</summary>
public sealed class ExtremeTrainingTests(TestServers servers)
{
    [Fact]
    public async Task A_hundred_thousand_points_are_trained_on_for_a_thousand_periods_and_for_one()
    {
        await using var planner = new Planner(servers);
        await planner.InitializeAsync();
        var csv = new StringBuilder("sku,period,quantity\n");
        var day = new DateOnly(1920, 1, 1);
        for (var t = 0; t < 100_000; t++) csv.Append(CultureInfo.InvariantCulture, $"LONG,{day.AddDays(t):yyyy-MM-dd},{t % 7}\n");
        using var sent = await planner.SendAsync(Encoding.UTF8.GetBytes(csv.ToString()), query: "?frequency=D");
        sent.EnsureSuccessStatusCode();
        await planner.ImportAsync("id,start,frequency,v1,v2,v3,v4,v5,v6\nSHORT,2026-01-01,M,1,0,2,0,0,3\nEMPTY,2026-01-01,M,,,,,,\n");

        foreach (var horizon in new[] { 1_000, 1 })
        {
            var run = await planner.TrainAsync(new { horizon });
            Assert.Equal("completed", run.GetProperty("state").GetString());
            foreach (var sku in new[] { "LONG", "SHORT" })
            {
                var steps = (await planner.GetAsync($"/api/v1/forecasts/{sku}")).GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("mean").GetDouble()).ToList();
                Assert.Equal(horizon, steps.Count);
                Assert.All(steps, mean => Assert.InRange(mean, 0, 10));
            }
        }

        foreach (var query in new[] { "", "?fresh=true" }) // nothing is known of it, not even that it is sold
            Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync($"/api/v1/forecasts/EMPTY{query}", TestContext.Current.CancellationToken))).Status);
        var fresh = await planner.GetAsync("/api/v1/forecasts/LONG?fresh=true");
        Assert.Equal(day.AddDays(100_000).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), fresh.GetProperty("steps")[0].GetProperty("period").GetString());
    }
}
