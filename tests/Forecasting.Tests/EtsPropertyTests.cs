namespace Shabou.Forecasting.Tests;

/// <summary>What must hold for every smoothing method and any history.</summary>
public sealed class EtsPropertyTests
{
    private static IForecastMethod[] All =>
        [new ExponentialSmoothing(), EtsMethod.Holt, EtsMethod.Damped, EtsMethod.HoltWinters, EtsMethod.HoltWintersMultiplicative, new AutoEts()];

    public static TheoryData<string> Methods => [.. All.Select(m => m.Name)];

    public static TheoryData<string, double[]> BadHistories => new()
    {
        { "one period", [5] },
        { "two periods", [5, 8] },
        { "six periods", [1, 2, 3, 4, 5, 100] },
        { "zeros", new double[40] },
        { "a constant", [.. Enumerable.Repeat(7.0, 40)] },
        { "a single demand", [.. new double[20], 9, .. new double[19]] },
        { "every other period", [.. Enumerable.Range(0, 40).Select(t => t % 2 * 3.0)] },
        { "huge", [.. Enumerable.Range(0, 40).Select(t => 1e12 * (1 + t % 7))] },
        { "nearly too huge", [.. Enumerable.Range(0, 40).Select(t => 1e300 * (1 + t % 7))] },
        { "tiny", [.. Enumerable.Range(0, 40).Select(t => 1e-300 * (1 + t % 7))] },
        { "a leap", [.. Enumerable.Repeat(1.0, 30), .. Enumerable.Repeat(1e9, 10)] },
        { "negative", [.. Enumerable.Range(0, 40).Select(t => 10.0 - t)] },
        { "exponential", [.. Enumerable.Range(0, 60).Select(t => Math.Pow(2, t))] },
        { "gaps", [.. Enumerable.Range(0, 60).Select(t => t % 4 == 1 ? 20.0 + t % 12 : double.NaN)] },
        { "infinity", [.. Enumerable.Range(0, 40).Select(t => t == 20 ? double.PositiveInfinity : 5.0 + t % 3)] },
    };

    [Theory, MemberData(nameof(BadHistories))]
    public void Forecasts_and_variances_are_numbers_whatever_the_history(string kind, double[] history)
    {
        Assert.NotEmpty(kind);
        foreach (var season in new[] { 1, 2, 12, 24, 52 })
        {
            Check(AutoEts.Select(history, season).Best, 60);
            if (season != 2) continue;
            foreach (var model in EtsModel.Admissible) Check(EtsFit.Of(history, season, model), 200);
        }

        static void Check(EtsFit fit, int horizon)
        {
            var (mean, variance) = (new double[horizon], new double[horizon]);
            fit.Forecast(mean, variance);
            Assert.True(mean.All(double.IsFinite), $"{fit.Model.Name}: {string.Join(' ', mean)}");
            Assert.True(variance.All(v => double.IsFinite(v) && v >= 0), $"{fit.Model.Name}: {string.Join(' ', variance)}");
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_history_without_an_observed_period_is_refused(string name)
    {
        foreach (var history in new double[][] { [], [double.NaN, double.NaN] })
            Assert.Contains("observed", Assert.Throws<ArgumentException>(() => Forecast(name, history)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Demand_counted_in_other_units_gives_the_forecast_in_those_units(string name)
    {
        foreach (var history in MethodPropertyTests.Histories().Take(15))
        {
            var expected = Forecast(name, history);
            if (name == "ses") continue; // its own test is with all other methods
            Assert.Equal(expected.Select(f => f * 1024), Forecast(name, [.. history.Select(v => v * 1024)])); // to the bit: a power of two
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void No_horizon_is_no_work_and_a_long_one_is_possible(string name)
    {
        Assert.Empty(Forecast(name, [3, 4, 5, 6, 5, 4, 3], 0));
        Assert.All(Forecast(name, [3, 4, 5, 6, 5, 4, 3], 1000), f => Assert.True(double.IsFinite(f)));
    }

    [Fact]
    public void A_hundred_thousand_periods_are_possible()
    {
        double[] history = [.. Enumerable.Range(0, 100_000).Select(t => 100 + 10 * Math.Sin(t * .5) + t % 7 + t * 7919 % 13)];
        Assert.All(Forecast("damped", history), f => Assert.InRange(f, 50, 150));
    }

    private static double[] Forecast(string name, double[] history, int horizon = 12)
    {
        var mean = new double[horizon];
        All.Single(m => m.Name == name).Forecast(history, 12, mean);
        return mean;
    }
}
