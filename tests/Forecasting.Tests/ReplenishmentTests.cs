using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class ReplenishmentTests
{
    private static readonly NormalDemand s_normal = new(100, 20);

    [Fact]
    public void Cycle_service_holds_z_deviations_of_safety_stock()
    {
        var proposal = Replenish(new StockTarget.CycleService(.95), new(40, OnOrder: 20, Reserved: 5, Backorders: 3));
        Assert.Equal(133, proposal.ReorderPoint); // 100 + 1.6449 x 20 = 132.9, whole units
        Assert.Equal(33, proposal.SafetyStock, 5);
        Assert.Equal(52, proposal.Position);
        Assert.Equal(81, proposal.Order);
        Assert.InRange(proposal.Service.CycleService, .95, .951);
    }

    [Fact]
    public void Fill_rate_is_solved_on_the_loss_function()
    {
        // 99 % of a cycle's 50 units: a shortage of .5 units = 20 G(k), G(k) = .025, k = 1.5689: R's uniroot on dnorm(k) - k (1 - pnorm(k))
        var level = new StockTarget.FillRate(.99).Level(s_normal, 50);
        Assert.Equal(.5, s_normal.Shortage(level), 7);
        Assert.Equal(131.378262, level, 5);
    }

    [Theory]
    [InlineData(1, 4, .8)] // the critical ratio 4 / (4 + 1)
    [InlineData(.2, 1, .83333333)]
    public void Costs_make_the_newsvendors_level(double holding, double shortage, double ratio)
    {
        var target = new StockTarget.Costs(holding, shortage);
        Assert.Equal(ratio, target.Ratio, 8);
        Assert.Equal(s_normal.Quantile(ratio), target.Level(s_normal, 50), 6);
    }

    [Fact]
    public void The_newsvendors_level_is_the_cheapest_of_all()
    {
        var demand = CountDemand.NegativeBinomial(6, 20);
        var best = new StockTarget.Costs(1, 9).Level(demand, 3);
        for (var level = 0; level < 40; level++) Assert.True(Cost(level) >= Cost(best) - 1e-9);

        double Cost(double level) => level - demand.Mean + demand.Shortage(level) + 9 * demand.Shortage(level);
    }

    [Theory]
    [InlineData(12, 0, 0, 84)] // 81 units are 7 packs
    [InlineData(12, 100, 0, 108)] // the minimum is rounded up to packs
    [InlineData(1, 0, 50, 131)]
    [InlineData(.25, 0, 0, 81)]
    public void Orders_are_whole_packs_and_not_below_the_minimum(double pack, double minimum, double cover, double order)
    {
        var proposal = Replenish(new StockTarget.CycleService(.95), new(52), new(pack, minimum, cover));
        Assert.Equal(order, proposal.Order);
        Assert.Equal(133 + cover, proposal.OrderUpTo);
    }

    [Fact]
    public void A_position_that_reaches_the_reorder_point_orders_nothing()
    {
        var proposal = Replenish(new StockTarget.CycleService(.95), new(133), new(Cover: 50));
        Assert.Equal(0, proposal.Order);
        Assert.Equal("Order nothing: the position of 133 (133 on hand, 0 on order, 0 reserved, 0 owed) reaches the reorder point 133, which is the expected demand "
            + "of 100 until the next order arrives plus 33 safety stock for no shortage in 95 % of the cycles.", proposal.Reason);
    }

    [Fact]
    public void The_reason_names_packs_and_the_minimum()
    {
        var proposal = Replenish(new StockTarget.FillRate(.9), new(95, Backorders: 4), new(PackSize: 10, MinimumOrder: 35));
        Assert.Equal(40, proposal.Order);
        Assert.Contains("Order 40 (4 packs of 10): the position of 91 (95 on hand, 0 on order, 0 reserved, 4 owed) is below the reorder point", proposal.Reason, StringComparison.Ordinal);
        Assert.EndsWith("the minimum order is 35.", proposal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Money_at_risk_is_the_expected_shortage_of_the_present_position()
    {
        var proposal = Replenish(new StockTarget.CycleService(.95), new(120), value: 12.5);
        Assert.Equal(20 * .08331547, proposal.ExpectedShortage, 6); // 20 G(1)
        Assert.Equal(12.5 * 20 * .08331547, proposal.MoneyAtRisk, 5);
    }

    [Fact]
    public void More_stock_never_serves_less()
    {
        foreach (var demand in new IDemandDistribution[] { s_normal, CountDemand.NegativeBinomial(.4, 2), new GammaDemand(1e12, 1e20), CountDemand.Poisson(0) })
        {
            var points = ServiceCurve.Of(demand, demand.Mean / 2, 3);
            Assert.Equal(ServiceCurve.Levels.Length, points.Length);
            for (var i = 0; i < points.Length; i++)
            {
                Assert.True(points[i].CycleService >= ServiceCurve.Levels[i] - 1e-6);
                Assert.Equal(points[i].StockValue, points[i].ExpectedStock * 3);
                if (i > 0) Assert.True(points[i].FillRate >= points[i - 1].FillRate && points[i].ExpectedStock >= points[i - 1].ExpectedStock - 1e-6 * demand.Mean);
            }
        }
    }

    [Fact]
    public void What_cannot_be_meant_is_refused()
    {
        var target = new StockTarget.CycleService(.95);
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(new StockTarget.CycleService(1.2), new(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(new StockTarget.FillRate(double.NaN), new(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(new StockTarget.Costs(0, 1), new(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(target, new(double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(target, new(1), new(PackSize: 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(target, new(1), new(MinimumOrder: -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(target, new(1), new(Cover: double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenish(target, new(1), value: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Replenishment.Replenish(new(s_normal, new(1), target) { ReviewShare = 0 }));
    }

    [Fact]
    public void Any_demand_and_target_give_finite_answers()
    {
        foreach (var demand in new IDemandDistribution[] { CountDemand.Poisson(0), CountDemand.NegativeBinomial(1e12, 1e24), new EmpiricalDemand([0]), new NormalDemand(5, 0), new QuantileCurve([.5], [1e12]) })
            foreach (var target in new StockTarget[] { new StockTarget.CycleService(1), new StockTarget.CycleService(0), new StockTarget.FillRate(1), new StockTarget.FillRate(0), new StockTarget.Costs(1e-9, 1e9) })
            {
                var proposal = Replenishment.Replenish(new(demand, new(3), target) { UnitValue = 2 });
                Assert.All([proposal.SafetyStock, proposal.ReorderPoint, proposal.OrderUpTo, proposal.Order, proposal.MoneyAtRisk, proposal.Service.FillRate, proposal.Service.StockValue],
                    figure => Assert.True(double.IsFinite(figure)));
                Assert.True(proposal.Position + proposal.Order >= proposal.ReorderPoint);
            }
    }

    private static ReplenishmentProposal Replenish(StockTarget target, StockPosition position, OrderRules? rules = null, double value = 1) =>
        Replenishment.Replenish(new(s_normal, position, target) { Rules = rules ?? OrderRules.UnitByUnit, UnitValue = value });
}
