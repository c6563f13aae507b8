using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>What must hold for a model that is learned from all parts together.</summary>
public sealed class PooledDemandModelTests
{
    [Fact]
    public void Neither_threads_nor_the_order_of_parts_change_a_bit()
    {
        var parts = PooledParts.Random(300);
        var expected = Learn(parts).ToState();
        var shuffled = PooledDemandModel.Learn([.. parts.Reverse()], 3, TestContext.Current.CancellationToken).ToState();
        Assert.Equal(expected.Groups, shuffled.Groups);
        Assert.Equal(expected.Coefficients, shuffled.Coefficients);
    }

    [Fact]
    public void A_stored_model_forecasts_the_same_bits()
    {
        var parts = PooledParts.Random(100);
        var model = Learn(parts);
        var restored = PooledDemandModel.FromState(model.ToState());
        foreach (var part in parts.Append(new("new", 12, [])))
        {
            Assert.Equal(model.Forecast(part, 12).Mean, restored.Forecast(part, 12).Mean);
            Assert.Equal(model.Forecast(part, 12).Sum(3), restored.Forecast(part, 12).Sum(3));
        }
    }

    [Fact]
    public void Numbers_of_another_model_are_refused() =>
        Assert.Throws<InvalidDataException>(() => PooledDemandModel.FromState(new([""], [1, double.NaN])));

    [Fact]
    public void Demand_counted_in_dozens_is_forecast_in_dozens()
    {
        var parts = PooledParts.Random(300, level: 3);
        PartHistory[] dozens = [.. parts.Select(part => part with { Demand = [.. part.Demand.Select(units => units / 12)] })];
        var (units, twelfths) = (Learn(parts), Learn(dozens));
        for (var i = 0; i < parts.Length; i++)
            Assert.Equal(units.Forecast(parts[i], 6).Mean[5], 12 * twelfths.Forecast(dozens[i], 6).Mean[5], 1e-6);
    }

    [Fact]
    public void Parts_that_keep_their_level_are_forecast_at_it()
    {
        var parts = PooledParts.Random(400, level: 4);
        var model = Learn([.. parts.Select(part => part with { Demand = part.Demand[..36] })]);
        double error = 0, naive = 0, bias = 0;
        foreach (var part in parts)
        {
            var actual = part.Demand[36..].Average(); // the level, but for chance
            var expected = model.Forecast(part with { Demand = part.Demand[..36] }, 12).Mean.Average();
            error += Math.Abs(expected - actual);
            naive += Math.Abs(part.Demand[33..36].Average() - actual);
            bias += expected - actual;
        }

        Assert.True(error < naive * .7);
        Assert.InRange(bias / 400, -.1, .1);
    }

    [Fact]
    public void A_market_that_falls_by_two_percent_a_period_is_expected_to_go_on_falling()
    {
        PartHistory[] parts = [.. PooledParts.Random(400, level: 20).Select(part => part with { Demand = [.. part.Demand.Select((units, t) => units * Math.Pow(.98, t))] })];
        var forecast = Learn(parts);
        var last = parts.Average(part => part.Demand[^3..].Average());
        Assert.InRange(parts.Average(part => forecast.Forecast(part, 12).Mean[1]) / last, .92, .99);      // .98^2 = .96 after the middle of the last three
        Assert.InRange(parts.Average(part => forecast.Forecast(part, 12).Mean[7]) / last, .80, .91);      // .98^8 = .85
    }

    [Theory]
    [InlineData("empty"), InlineData("missing"), InlineData("zero"), InlineData("one"), InlineData("huge"), InlineData("constant"), InlineData("long")]
    [InlineData("negative"), InlineData("gaps")]
    public void Any_history_gets_a_finite_forecast(string kind)
    {
        double[] history = kind switch
        {
            "empty" => [],
            "missing" => [double.NaN, double.NaN],
            "zero" => new double[30],
            "one" => [3],
            "huge" => [.. Enumerable.Range(0, 40).Select(t => t % 3 * 1e12)],
            "constant" => [.. Enumerable.Repeat(5.0, 40)],
            "long" => [.. Enumerable.Range(0, 20_000).Select(t => t % 7 == 0 ? 2.0 : 0)],
            "negative" => [1, -3, 0, -2, 4],
            _ => [1, double.NaN, 0, double.NaN, double.NaN, 2],
        };
        var odd = new PartHistory("odd", 12, history);
        PartHistory[][] assortments = [[odd], .. kind == "long" ? Array.Empty<PartHistory[]>() : [[odd, .. PooledParts.Random(40, periods: 30)]]];
        foreach (var parts in assortments)
        {
            var forecast = Learn(parts).Forecast(odd, 14);
            Assert.All(forecast.Mean, mean => Assert.True(double.IsFinite(mean) && mean >= 0));
            foreach (var spread in new[] { forecast.Step(0), forecast.Step(40), forecast.Sum(1), forecast.Sum(30) })
            {
                Assert.True(double.IsFinite(spread.Variance) && spread.Variance >= 0);
                Assert.True(double.IsFinite(spread.Quantile(.99)) && spread.Quantile(.99) >= spread.Quantile(.5));
            }
        }
    }

    [Fact]
    public void No_parts_and_no_demand_forecast_nothing()
    {
        Assert.Equal([0, 0], Learn([]).Forecast(new("new", 12, []), 2).Mean);
        Assert.Equal([0, 0], Learn([new("a", 12, new double[20])]).Forecast(new("a", 12, new double[20]), 2).Mean);
    }

    [Fact]
    public void A_discontinued_part_sells_no_more() =>
        Assert.Equal([0, 0, 0], Learn(PooledParts.Random(40)).Forecast(PooledParts.Random(1)[0] with { Discontinued = true }, 3).Mean);

    private static PooledDemandModel Learn(IReadOnlyList<PartHistory> parts) =>
        PooledDemandModel.Learn(parts, 1, TestContext.Current.CancellationToken);
}
