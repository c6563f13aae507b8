using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>What automatic ARIMA does with histories that nobody would model.</summary>
public sealed class ArimaPropertyTests
{
    [Fact]
    public void Constant_demand_goes_on_without_error()
    {
        foreach (var level in (double[])[0, 7, 1e12, -3])
            foreach (var length in (int[])[1, 2, 5, 30])
                Assert.Equal(Enumerable.Repeat((level, 0.0), 5), Forecast([.. Enumerable.Repeat(level, length)], 12, 5));
    }

    [Fact]
    public void A_straight_line_goes_on()
    {
        double[] line = [.. Enumerable.Range(0, 30).Select(t => 5 + 2.0 * t)];
        Assert.All(Forecast(line, 1, 4).Select((f, step) => f.Mean - (65 + 2 * step)), error => Assert.Equal(0, error, 1e-8));
    }

    [Fact]
    public void A_season_that_rises_evenly_goes_on()
    {
        double[] season = [.. Enumerable.Range(0, 24).Select(t => 10.0 * (t % 4) + t)];
        Assert.All(Forecast(season, 4, 8).Select((f, step) => f.Mean - (10 * (step % 4) + 24 + step)), error => Assert.Equal(0, error, 1e-8));
    }

    [Theory]
    [InlineData()]
    [InlineData(double.NaN, double.NaN)]
    public void A_history_without_an_observed_period_is_refused(params double[] history) =>
        Assert.Contains("observed", Assert.Throws<ArgumentException>(() => Forecast(history, 12, 3)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_forecast_is_a_number()
    {
        foreach (var season in (int[])[0, 1, 4, 12])
        {
            foreach (var history in Histories())
            {
                Assert.All(Forecast(history, season, 24), f => Assert.True(double.IsFinite(f.Mean) && double.IsFinite(f.Variance) && f.Variance >= 0));
            }
        }
    }

    [Fact]
    public void Short_histories_get_a_forecast_of_their_size()
    {
        var random = new Random(5);
        for (var length = 1; length < 16; length++)
            Assert.All(Forecast([.. Enumerable.Range(0, length).Select(_ => 100 + random.NextDouble())], 4, 12), f => Assert.InRange(f.Mean, 80, 120));
    }

    [Fact]
    public void Gaps_at_the_end_are_part_of_the_way_ahead()
    {
        var whole = ArimaSeries.Named("users");
        double[] cut = [.. whole[..^3], double.NaN, double.NaN, double.NaN];
        var model = ArimaModel.At(cut, new(3, 1, 0), [1.15, -0.66, 0.34]);
        double[] mean = new double[2], variance = new double[2], longer = new double[5], longerVariance = new double[5];
        model.Forecast(mean, variance);
        ArimaModel.At(whole.AsSpan(0, whole.Length - 3), new(3, 1, 0), [1.15, -0.66, 0.34]).Forecast(longer, longerVariance);
        Assert.Equal(longer[3..], mean, (left, right) => Math.Abs(left - right) < 1e-6);
        Assert.Equal(longerVariance[3..], variance, (left, right) => Math.Abs(left - right) < 1e-6 * left);
    }

    [Fact]
    public void The_method_forecasts_what_its_model_does()
    {
        var mean = new double[6];
        new AutoArima().Forecast(ArimaSeries.Named("lynx"), 1, mean);
        Assert.Equal(Forecast(ArimaSeries.Named("lynx"), 1, 6).Select(f => f.Mean), mean);
    }

    [Fact]
    public void Other_units_give_the_same_model()
    {
        var deaths = ArimaSeries.Named("deaths");
        var expected = Forecast(deaths, 12, 12);
        foreach (var unit in (double[])[1e-6, 1000, 1e12])
            Assert.Equal(expected.Select(f => f.Mean * unit), Forecast([.. deaths.Select(v => v * unit)], 12, 12).Select(f => f.Mean),
                (left, right) => Math.Abs(left - right) < 1e-5 * Math.Abs(left));
    }

    [Fact]
    public void A_hundred_thousand_periods_are_forecast_from_the_last_of_them()
    {
        var random = new Random(3);
        double[] history = [.. Enumerable.Range(0, 100_000).Select(t => 50 + 10 * Math.Sin(t * Math.PI / 6) + random.NextDouble())];
        var forecasts = Forecast(history, 12, 1_000);
        Assert.Equal(Forecast(history[^AutoArima.LongestHistory..], 12, 1_000), forecasts);
        Assert.All(forecasts, f => Assert.InRange(f.Mean, 30, 70));
    }

    [Fact]
    public void Weeks_of_three_years_have_a_season()
    {
        var random = new Random(4);
        double[] weeks = [.. Enumerable.Range(0, 157).Select(t => 100 + 40 * Math.Sin(t * Math.PI / 26) + 5 * random.NextDouble())];
        Assert.Equal(1, AutoArima.Fit(weeks, 52).Order.SeasonalDifferences);
        Assert.All(Forecast(weeks, 52, 26).Select((f, step) => f.Mean - (102.5 + 40 * Math.Sin((157 + step) * Math.PI / 26))), e => Assert.InRange(e, -8, 8));
    }

    private static IEnumerable<double[]> Histories()
    {
        var random = new Random(20261121);
        for (var i = 0; i < 12; i++)
        {
            var chance = random.NextDouble();
            double[] history = [.. Enumerable.Range(0, random.Next(3, 60)).Select(_ => random.NextDouble() < chance ? random.Next(1, 40) * 1.0 : 0)];
            yield return history;
            yield return [.. history.Select((v, t) => t % 5 == 2 ? double.NaN : v * 1e12)];
        }

        yield return [1, 1, 1, 1, 1, 1, 1, 1, 1, 1e9];
        yield return [.. Enumerable.Range(0, 40).Select(t => Math.Pow(2, t))];
        yield return [.. Enumerable.Range(0, 40).Select(t => t % 2 == 0 ? 1.0 : -1.0)];
        yield return [.. Enumerable.Range(0, 40).Select(t => t == 20 ? 1.0 : 0)];
        yield return [double.NaN, 5, double.NaN];
    }

    private static (double Mean, double Variance)[] Forecast(double[] history, int season, int horizon)
    {
        double[] mean = new double[horizon], variance = new double[horizon];
        AutoArima.Fit(history, season).Forecast(mean, variance);
        return [.. mean.Zip(variance)];
    }
}
