using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class StockSimulationTests
{
    [Fact]
    public void Backorders_wait_and_are_served_first()
    {
        // Lead time 1, up to 5, opening 5. Period 1: nothing to order, 7 wanted: 2 owed. Period 2: position -2, order 7; 1 wanted: 3 owed.
        // Period 3: 7 come, 4 left after 3 owed; position 4, order 1; 2 wanted: 2 left. Period 4: 1 comes: 3; order 2; 0 wanted.
        var result = StockSimulation.Run([7, 1, 2, 0], [5, 5, 5, 5], new() { Holding = 1, Shortage = 10, PerOrder = 100 });
        Assert.Equal((10, 3, 10, 3), (result.Demand, result.Missed, result.Ordered, result.Orders));
        Assert.Equal((3, 2, 0), (result.ClosingStock, result.InTransit, result.Backorders));
        Assert.Equal((.7, .5, 1.25), (result.FillRate, result.CycleService, result.MeanStock));
        Assert.Equal(300 + 1 * (0 + 0 + 2 + 3) + 10 * (2 + 3), result.Cost, 9);
    }

    [Fact]
    public void Lost_sales_are_gone()
    {
        // Lead time 2, up to 4, opening 1: order 3 (due in period 3); 2 wanted, 1 lost. Position 3: order 1; 1 wanted, lost. Period 3: 3 come; the position is 4; 2 wanted.
        var result = StockSimulation.Run([2, 1, 2], [4, 4, 4], new() { LeadTime = 2, LostSales = true, Opening = 1, Holding = .2, Shortage = 1 });
        Assert.Equal((2, 4, 1, 1), (result.Missed, result.Ordered, result.ClosingStock, result.InTransit));
        Assert.Equal(2 + .2 * 1, result.Cost, 9);
    }

    [Fact]
    public void Nothing_is_ordered_between_reviews_or_above_the_reorder_point()
    {
        var result = StockSimulation.Run([1, 1, 1, 1], [6, 6, 6, 6], new() { LeadTime = 0, Review = 2, Opening = 6, Orders = new(PackSize: 4) }, [4, 4, 4, 4]);
        Assert.Equal(0, result.Orders); // reviews see 6 and 4, which is not below 4
        result = StockSimulation.Run([1, 2, 1, 1], [6, 6, 6, 6], new() { LeadTime = 0, Review = 2, Opening = 6, Orders = new(PackSize: 4) }, [4, 4, 4, 4]);
        Assert.Equal((1, 4), (result.Orders, result.Ordered)); // 3 units in period 3: one pack of 4
    }

    [Fact]
    public void A_period_of_unknown_demand_does_not_count()
    {
        var result = StockSimulation.Run([1, double.NaN, 1], [3, 3, 3], new() { LeadTime = 0, Holding = 1 });
        Assert.Equal((2, 2, 4.0), (result.Periods, result.FullPeriods, result.Cost));
    }

    [Fact]
    public void Goods_are_neither_made_nor_lost()
    {
        var dice = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var periods = dice.Next(1, 40);
            double[] demand = [.. Enumerable.Range(0, periods).Select(_ => dice.Next(10) == 0 ? double.NaN : dice.Next(3) * dice.Next(5))];
            double[] upTo = [.. Enumerable.Range(0, periods).Select(_ => (double)dice.Next(20))];
            double[] reorder = dice.Next(2) == 0 ? [] : [.. upTo.Select(s => s - dice.Next(5))];
            var rules = new SimulationRules
            {
                LeadTime = dice.Next(4), Review = dice.Next(1, 4), LostSales = dice.Next(2) == 0, Opening = dice.Next(9), Orders = dice.Next(2) == 0 ? null : new(dice.Next(1, 4), dice.Next(5)),
            };
            var result = StockSimulation.Run(demand, upTo, rules, reorder);
            var sold = result.Demand - (rules.LostSales ? result.Missed : result.Backorders);
            Assert.Equal(rules.Opening!.Value + result.Ordered, result.ClosingStock + result.InTransit + sold, 9);
            Assert.True(result.ClosingStock >= 0 && result.InTransit >= 0 && result.Backorders >= 0 && result.Missed <= result.Demand);
            Assert.Equal(result, StockSimulation.Run(demand, upTo, rules, reorder));
        }
    }

    [Fact]
    public void Levels_that_do_not_fit_the_periods_are_refused()
    {
        Assert.Throws<ArgumentException>(() => StockSimulation.Run([1, 2], [1], new()));
        Assert.Throws<ArgumentException>(() => StockSimulation.Run([1, 2], [1, 1], new(), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StockSimulation.Run([1], [1], new() { LeadTime = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => StockSimulation.Run([1], [1], new() { Review = 0 }));
        Assert.Equal(default, StockSimulation.Run([], [], new()));
    }
}
