using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Groups;
using Shabou.ForecastService.Tests.Replenishment;
using Shabou.Testing;

namespace Shabou.ForecastService.Tests.Groups;

public sealed class GroupTests(Planner planner) : IClassFixture<Planner>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_group_is_the_sum_of_what_is_below_it()
    {
        var july = Periods.IndexOf('M', new DateOnly(2026, 7, 1));
        var none = new Dictionary<int, double>();
        var groups = AddUpParts.Of(
        [
            new("a/b/", 'M', july, [1, 2], none), new("a/b/", 'M', july - 1, [10, 20], new Dictionary<int, double> { [july] = 30 }),
            new("a/c/", 'M', july, [100, 100], none), new("d/", 'W', 5, [7], none),
        ], under: "");
        Assert.Equal([":M:3", ":W:1", "a/:M:3", "a/b/:M:2", "a/c/:M:1", "d/:W:1"], groups.Select(g => $"{g.Group}:{g.Frequency}:{g.Parts}"));
        Assert.Equal([121, 122], groups[0].Steps.Select(s => s.Statistical)); // the part that ended in May counts 20 in July and goes on so
        Assert.Equal([131, 122], groups[0].Steps.Select(s => s.Mean));
        Assert.Equal(groups[0].Steps, groups[2].Steps);
        Assert.Equal([21, 22], groups[3].Steps.Select(s => s.Statistical));
        Assert.Equal(new DateOnly(2026, 7, 1), groups[0].Steps[0].Period);
    }

    [Fact]
    public async Task Groups_are_forecast_from_one_category_down()
    {
        Assert.Equal(404, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/forecasts/groups", Cancellation))).Status);
        await Shop.ForecastAsync(planner.Database, Cancellation, ("A", 50, 20), ("B", 30, 20), ("UNKNOWN", 1, 1));
        await Shop.StockAsync(planner.Database, "A", 1, Cancellation);
        await Shop.StockAsync(planner.Database, "B", 1, Cancellation);
        foreach (var query in new[] { "", "?group=freinage", "?group=freinage/&reconcile=bottom-up" })
        {
            var groups = (await planner.GetAsync($"/api/v1/forecasts/groups{query}")).GetProperty("groups");
            Assert.Equal(80, groups[0].GetProperty("steps")[0].GetProperty("mean").GetDouble());
        }

        Assert.Equal(422, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/forecasts/groups?group=nowhere", Cancellation))).Status);
        Assert.Equal(400, (await Planner.RefusedAsync(planner.Client.GetAsync("/api/v1/forecasts/groups?reconcile=luck", Cancellation))).Status);
    }
}
