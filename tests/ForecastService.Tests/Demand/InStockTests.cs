namespace Shabou.ForecastService.Tests.Demand;

public sealed class InStockTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flags_in_the_wide_format_mark_periods_and_leave_quantities()
    {
        await planner.ImportAsync("id,start,frequency,v1,v2,v3\nW-1,2026-01-01,M,5,0,7\n");
        await FlagAsync("id,start,frequency,v1,v2,v3,v4\nW-1,2026-01-01,M,1,0,1,0\n");
        Assert.Equal([(5, true), (0, false), (7, true), (0, false)], await HistoryAsync("W-1"));

        await planner.ImportAsync("id,start,frequency,v1,v2,v3,v4\nW-1,2026-01-01,M,5,1,7,2\n"); // demand without a word on stock
        Assert.Equal([(5, true), (1, false), (7, true), (2, false)], await HistoryAsync("W-1"));
        await FlagAsync("id,start,frequency,v1,v2,v3,v4,v5\nW-1,2026-01-01,M,1,1,1,1,1\n"); // v5 has no demand: nothing to mark
        Assert.Equal([(5, true), (1, true), (7, true), (2, true)], await HistoryAsync("W-1"));
    }

    [Fact]
    public async Task Flags_may_come_before_the_demand()
    {
        await FlagAsync("id,start,frequency,v1,v2\nEARLY,2026-01-01,M,0,1\n");
        await planner.ImportAsync("id,start,frequency,v1,v2\nEARLY,2026-01-01,M,3,4\n");
        Assert.Equal([(3, false), (4, true)], await HistoryAsync("EARLY"));
    }

    [Theory]
    [InlineData("id,start,frequency,v1\nBAD,2026-01-01,M,2\n")]
    [InlineData("id,start,frequency,v1\nBAD,2026-01-01,M,yes\n")]
    [InlineData("id,start,frequency,v1\nBAD,2026-01-01,M,-1\n")]
    [InlineData("id,start,frequency,v1\nBAD,soon,M,1\n")]
    [InlineData("id,start,frequency,v1\nBAD,2026-01-01,X,1\n")]
    [InlineData("id,start,frequency,v1\nBAD,2026-01-01,M,0\nBAD,2026-01-01,M,0\n")]
    [InlineData("id,start,frequency,v1\nMONTHLY,2026-01-05,W,0\n")]
    [InlineData("sku,period,quantity\nBAD,2026-01-01,0\n")]
    [InlineData("id,start,frequency,v1\n")]
    public async Task Wrong_flags_change_nothing(string csv)
    {
        await planner.ImportAsync("id,start,frequency,v1\nMONTHLY,2026-01-01,M,1\n");
        using var content = Planner.Csv(csv);
        Assert.Equal(400, (await Planner.RefusedAsync(planner.Client.PostAsync("/api/v1/demand/in-stock", content, Cancellation))).Status);
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/demand/BAD", Cancellation))).Status);
    }

    private async Task FlagAsync(string csv)
    {
        using var content = Planner.Csv(csv);
        using var response = await planner.Client.PostAsync("/api/v1/demand/in-stock", content, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    private async Task<IEnumerable<(double, bool)>> HistoryAsync(string sku) => (await planner.GetAsync($"/api/v1/demand/{sku}")).GetProperty("observations").EnumerateArray()
        .Select(o => (o.GetProperty("quantity").GetDouble(), o.GetProperty("inStock").GetBoolean()));
}
