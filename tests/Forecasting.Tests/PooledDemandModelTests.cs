using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>What must hold for a model that is learned from all parts together.</summary>
public sealed class PooledDemandModelTests
{
    private static readonly ForecastSettings Settings = new();

    [Fact]
    public void Neither_threads_nor_the_order_of_parts_change_a_bit()
    {
        var parts = PooledParts.Random(700);
        var expected = Learn(parts).ToState();
        var shuffled = PooledDemandModel.Learn([.. parts.Reverse()], Settings, 3, TestContext.Current.CancellationToken).ToState();
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
            "long" => [.. Enumerable.Range(0, 100_000).Select(t => t % 7 == 0 ? 2.0 : 0)],
            "negative" => [1, -3, 0, -2, 4],
            _ => [1, double.NaN, 0, double.NaN, double.NaN, 2],
        };
        var odd = new PartHistory("odd", 12, history);
        foreach (var parts in new[] { [odd], [odd, .. PooledParts.Random(50)], PooledParts.Random(50) })
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
        PooledDemandModel.Learn(parts, Settings, 1, TestContext.Current.CancellationToken);
}
