using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class WeeklyOrdersTests
{
    [Fact]
    public void With_nothing_in_stock_the_order_is_the_newsvendors()
    {
        // Poisson 3: P(D <= 4) = .8153, P(D <= 5) = .9161
        Assert.Equal(5, LostSalesOrder.Units([0, 0], [3, 3, 3], 1, 1 / 1.2));
        Assert.Equal(4, LostSalesOrder.Units([0, 0], [3, 3, 3], 1, .81));
    }

    [Fact]
    public void Lost_sales_leave_more_stock_than_position_less_demand()
    {
        // One unit in stock for a week that sells it with probability 1 - e^-1; then Poisson 1: P(D <= 1) = .7358, P(D <= 2) = .9197, P(D <= 3) = .9810.
        // P(D2 <= left + 1) = .3679 x .9197 + .6321 x .7358 = .8035; with 2: .3679 x .9810 + .6321 x .9197 = .9422. Position less demand would call for 3.
        Assert.Equal(1, LostSalesOrder.Units([1], [1, 1], 1, .80));
        Assert.Equal(2, LostSalesOrder.Units([1], [1, 1], 1, .81));
        Assert.Equal(2, LostSalesOrder.Units([1], [1, 1], 1, .94));
        Assert.Equal(3, LostSalesOrder.Units([1], [1, 1], 1, .95));
    }

    [Fact]
    public void Demand_and_stock_of_any_size_are_decided_in_lots()
    {
        var order = LostSalesOrder.Units([1e12], [1e12, 1e12], 1, 1 / 1.2);
        Assert.InRange(order, .9e12, 1.1e12);
        Assert.Equal(0, LostSalesOrder.Units([1e12], [1, 1], 1, 1 / 1.2));
        Assert.Equal(0, LostSalesOrder.Units([0], [0, 0], 1, .9));
    }

    [Fact]
    public void Orders_are_whole_and_fall_with_stock_and_rise_with_the_cost_of_shortage()
    {
        var dice = new Random(3);
        double[][] sales = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 120).Select(_ => (double)dice.Next(2 + i)).ToArray())];
        double[] poor = Decide(0, 1), rich = Decide(4, 1), dear = Decide(0, 9);
        for (var i = 0; i < poor.Length; i++)
        {
            Assert.True(poor[i] >= 0 && poor[i] == Math.Floor(poor[i]));
            Assert.True(rich[i] <= poor[i] && dear[i] >= poor[i]);
        }

        Assert.True(rich.Sum() < poor.Sum() && dear.Sum() > poor.Sum());
        Assert.Equal(poor, Decide(0, 1));

        double[] Decide(double onHand, double shortage) =>
            WeeklyOrders.Decide(sales, null, [.. sales.Select(_ => new PipelineState(onHand, [0, 1]))], new() { Shortage = shortage });
    }

    [Fact]
    public void A_week_out_of_stock_does_not_lower_the_order()
    {
        double[] flat = [.. Enumerable.Repeat(6.0, 60)];
        double[] gone = [.. flat[..50], .. new double[10]];
        bool[] there = [.. Enumerable.Repeat(true, 60)];
        bool[] mask = [.. there[..50], .. new bool[10]];
        PipelineState[] empty = [new(0, [0, 0]), new(0, [0, 0])];
        var masked = WeeklyOrders.Decide([gone, flat], [mask, there], empty, new());
        var unmasked = WeeklyOrders.Decide([gone, flat], null, empty, new());
        Assert.Equal(masked[1], masked[0], 1.0);
        Assert.True(unmasked[0] < masked[0]);
    }

    [Fact]
    public void The_season_comes_back()
    {
        double[][] sales = [.. Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 10 * 4).Select(t => t % 4 == 2 ? 40.0 : 10).ToArray())];
        var indices = PooledSeason.Of(sales, 4, neighbour: 0, priorUnits: 1);
        Assert.Equal(40 / 17.5, indices[2], .01);
        Assert.Equal(10 / 17.5, indices[0], .01);
        // The order arrives in the third period from now: position 2.
        var orders = WeeklyOrders.Decide(sales, null, [.. sales.Select(_ => new PipelineState(0, [0, 0]))], new() { Season = 4, SeasonNeighbour = 0, SeasonPrior = 1 });
        Assert.InRange(orders[0], 35, 60);
        Assert.All(PooledSeason.Of([[1, 2, 3]], 52, .25, 500), index => Assert.Equal(1, index)); // less than a season is known
    }

    [Fact]
    public void No_history_and_odd_values_give_orders_all_the_same()
    {
        Assert.Empty(WeeklyOrders.Decide([], null, [], new()));
        Assert.Equal([0], WeeklyOrders.Decide([[]], null, [new(1, [0, 0])], new()));
        Assert.Equal([0], WeeklyOrders.Decide([[double.NaN, double.NaN]], null, [new(0, [])], new()));
        var orders = WeeklyOrders.Decide([[-5, double.PositiveInfinity, 3, 1e12], [1, 2, 3, 4]], null, [new(0, [0]), new(1e12, [0])], new());
        Assert.All(orders, order => Assert.True(double.IsFinite(order) && order >= 0));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        PipelineState state = new(0, [0, 0]);
        Assert.Throws<ArgumentException>(() => WeeklyOrders.Decide([[1], [1]], null, [state], new()));
        Assert.Throws<ArgumentException>(() => WeeklyOrders.Decide([[1], [1, 2]], null, [state, state], new()));
        Assert.Throws<ArgumentException>(() => WeeklyOrders.Decide([[1], [1]], null, [state, new(0, [0])], new()));
        Assert.Throws<ArgumentException>(() => WeeklyOrders.Decide([[1]], [[true, false]], [state], new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeeklyOrders.Decide([[1]], null, [new(-1, [0, 0])], new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeeklyOrders.Decide([[1]], null, [new(0, [0, double.NaN])], new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeeklyOrders.Decide([[1]], null, [state], new() { Holding = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeeklyOrders.Decide([[1]], null, [state], new() { Levels = [] }));
    }
}
