using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>What must hold for every method and any history.</summary>
public sealed class MethodPropertyTests
{
    public static TheoryData<string> Methods => [.. ForecastMethods.All.Select(m => m.Name)];

    [Theory, MemberData(nameof(Methods))]
    public void Demand_counted_in_other_units_gives_the_forecast_in_those_units(string name)
    {
        foreach (var history in Histories())
        {
            var expected = Forecast(name, history);
            var scaled = Forecast(name, [.. history.Select(v => v * 1000)]);
            for (var step = 0; step < expected.Length; step++)
                Assert.Equal(expected[step] * 1000, scaled[step], 1e-4 * (1 + Math.Abs(expected[step]) * 1000));
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void Constant_demand_goes_on(string name)
    {
        if (name is "zero" or "sba") return; // zero by definition; SBA lowers by 5 % by definition
        Assert.All(Forecast(name, [.. Enumerable.Repeat(7.0, 30)]), f => Assert.Equal(7, f, 9));
    }

    [Theory, MemberData(nameof(Methods))]
    public void No_demand_ever_forecasts_none(string name) => Assert.All(Forecast(name, new double[40]), f => Assert.Equal(0, f));

    [Theory, MemberData(nameof(Methods))]
    public void One_period_is_enough(string name)
    {
        var expected = name switch { "zero" => 0.0, "sba" => 4.75, _ => 5.0 };
        Assert.All(Forecast(name, [5]), f => Assert.Equal(expected, f, 9));
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_history_without_an_observed_period_is_refused(string name)
    {
        if (name == "zero") return; // needs no history
        foreach (var history in new double[][] { [], [double.NaN, double.NaN] })
            Assert.Contains("observed", Assert.Throws<ArgumentException>(() => Forecast(name, history)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Every_forecast_is_a_number_also_with_gaps_and_long_histories(string name)
    {
        foreach (var history in Histories())
        {
            Assert.All(Forecast(name, history), f => Assert.True(double.IsFinite(f)));
            Assert.All(Forecast(name, [.. history.Select((v, t) => t % 5 == 2 ? double.NaN : v)]), f => Assert.True(double.IsFinite(f)));
            double[] longer = [.. Enumerable.Repeat(history, 20).SelectMany(h => h)]; // past what fits on the stack
            Assert.All(Forecast(name, longer), f => Assert.True(double.IsFinite(f)));
        }
    }

    [Fact]
    public void The_published_forecast_is_never_negative()
    {
        double[] falling = [.. Enumerable.Range(0, 30).Select(t => Math.Max(0, 60.0 - 2 * t))];
        Assert.Contains(Forecast("theta", falling), f => f < 0);
        Assert.All(Forecast("combination", falling), f => Assert.True(f >= 0));
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        var histories = Histories().ToArray();
        var alone = histories.Select(h => Backtest.Run(h, 12)![^1]).ToArray();
        var together = new SeriesErrors[histories.Length];
        Parallel.For(0, histories.Length, i => together[i] = Backtest.Run(histories[i], 12)![^1]);
        Assert.Equal(alone.Select(e => e.Squared), together.Select(e => e.Squared)); // to the bit
        Assert.Equal(MethodAccuracy.Of("x", alone).Pinball, MethodAccuracy.Of("x", together).Pinball);
    }

    internal static IEnumerable<double[]> Histories()
    {
        var random = new Random(20261121);
        for (var i = 0; i < 60; i++)
        {
            var chance = random.NextDouble();
            var size = random.Next(1, 50);
            yield return [.. Enumerable.Range(0, random.Next(20, 70)).Select(_ => random.NextDouble() < chance ? random.Next(1, size + 1) : 0.0)];
        }
    }

    private static double[] Forecast(string name, double[] history)
    {
        var mean = new double[12];
        ForecastMethods.All.Single(m => m.Name == name).Forecast(history, 12, mean);
        return mean;
    }
}
