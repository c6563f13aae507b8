using Shabou.ForecastService.Replenishment;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Tests.Replenishment;

public sealed class PlannedDemandTests
{
    private const double Z99 = 2.3263478740408408;

    [Fact]
    public void As_trained_it_is_the_trained_distribution()
    {
        var part = Part(50, 20);
        var demand = PlannedDemand.Of(part, periods: 2, share: 1);
        Assert.Equal(100, demand.Mean);
        for (var i = 0; i < ProtectionDemand.Levels.Length; i++) Assert.Equal(part.Protection.Quantiles[i], demand.Quantile(ProtectionDemand.Levels[i]), 9);
    }

    [Fact]
    public void A_warehouses_share_thins_demand_unit_by_unit()
    {
        var demand = PlannedDemand.Of(Part(50, 20), periods: 2, share: 0.25);
        Assert.Equal(25, demand.Mean, 9);
        Assert.Equal(25 + Z99 * Math.Sqrt(0.0625 * 400 + 0.25 * 0.75 * 100), demand.Quantile(.99), 6);
    }

    [Fact]
    public void Another_length_moves_mean_and_deviation()
    {
        var demand = PlannedDemand.Of(Part(50, 20), periods: 8, share: 1);
        Assert.Equal(400, demand.Mean, 9);
        Assert.Equal(400 + Z99 * 40, demand.Quantile(.99), 6);
    }

    [Fact]
    public void Beyond_the_horizon_the_last_step_goes_on() => Assert.Equal(50 * 20, PlannedDemand.Of(Part(50, 20), periods: 20, share: 1).Mean, 9);

    [Fact]
    public void What_only_the_planner_expects_is_Poisson()
    {
        var demand = PlannedDemand.Of(Part(0, 0, (0, 10)), periods: 2, share: 1);
        Assert.Equal(10, demand.Mean);
        Assert.Equal(15, demand.Quantile(.95)); // qpois(.95, 10)
        Assert.Equal(18, demand.Quantile(.99)); // qpois(.99, 10)
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(1e12, 1e12)]
    [InlineData(1e-12, 1e-12)]
    public void Every_figure_of_an_order_is_finite(double monthly, double deviation)
    {
        foreach (var periods in new[] { 1, 2, 7300 })
            foreach (var share in new[] { 0, 1e-9, .5, 1 })
            {
                var demand = PlannedDemand.Of(Part(monthly, deviation, (1, 3)), periods, share);
                Assert.All([demand.Mean, demand.Variance, demand.Quantile(.5), demand.Quantile(.9999), demand.Shortage(0), demand.Shortage(1e13)],
                    figure => Assert.True(double.IsFinite(figure) && figure >= 0, $"{figure}"));
            }
    }

    [Fact]
    public void Shares_are_those_given_and_equal_parts_of_the_rest()
    {
        var part = Part(1, 1) with
        {
            Shelves = [new("a", 0, 0), new("b", 0, 0), new("c", 0, 0)],
            Plans = [new PlanningParameters { Sku = "P", Warehouse = "b", DemandShare = .5, ChangedBy = "", UpdatedAt = default }],
        };
        Assert.Equal([.25, .5, .25], part.Shares(part.ShelvesToFill()));
        Assert.Equal([1.0], part.Shares([new("b", 0, 0)])); // the only one serves all
    }

    [Fact]
    public void A_place_in_the_list_means_the_same_when_its_line_is_gone()
    {
        var ranking = new Ranking([new(9, "A", ""), new(7, "A", "x"), new(7, "B", ""), new(0, "C", "")]);
        Assert.Equal(["A", "A"], ranking.After(null, null, 2).Select(l => l.Sku));
        Assert.Equal(["B", "C"], ranking.After(new(7, "A", "x"), null, 5).Select(l => l.Sku));
        Assert.Equal(["A", "B", "C"], ranking.After(new(8, "GONE", ""), null, 5).Select(l => l.Sku));
        Assert.Equal([7], ranking.After(null, "x", 5).Select(l => l.MoneyAtRisk));
    }

    private static PartToOrder Part(double monthly, double deviation, params (int Step, double Quantity)[] overrides) => new(
        "P", 'M', 100, [.. Enumerable.Repeat(monthly, 12)], new ProtectionDemand(2, 2 * monthly, deviation, Shop.NormalQuantiles(2 * monthly, deviation)), 1, false, [], [],
        overrides.ToDictionary(o => 100 + o.Step, o => o.Quantity));
}
