using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class PooledCalibrationTests
{
    [Fact]
    public void Levels_come_to_serve_the_share_that_they_say()
    {
        // Forecast as Poisson 2, in truth negative binomial of mean 2 and variance 8: its quantiles come back.
        var (forecast, truth) = (CountDemand.Poisson(2), CountDemand.NegativeBinomial(2, 8));
        double[] actual = [.. Enumerable.Range(0, 4000).Select(i => truth.Quantile((i + .5) / 4000))];
        var corrected = PooledCalibration.Of([.. actual.Select(_ => forecast)], actual, groups: 1).Apply(forecast);
        foreach (var level in new[] { .3, .5, .8, .9, .95, .99 }) Assert.Equal(truth.Quantile(level), corrected.Quantile(level));
        foreach (var units in new[] { 0, 1, 3, 8 }) Assert.Equal(truth.Cdf(units), corrected.Cdf(units), .002);
        Assert.Equal(truth.Mean, corrected.Mean, .05);
        Assert.Equal(truth.Shortage(4), corrected.Shortage(4), .05);
        Assert.Equal(truth.Shortage(-1), corrected.Shortage(-1), .05);
        Assert.Equal(truth.Variance, corrected.Variance, 1.0); // the correction ends where the forecast does, at 1 - 1e-9
    }

    [Fact]
    public void Items_of_other_size_have_their_own_correction()
    {
        var (small, large) = (CountDemand.Poisson(1), CountDemand.Poisson(50));
        List<IDemandDistribution> forecasts = [.. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? small : large)];
        // Small ones as forecast, large ones twice that.
        List<double> actual = [.. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? small.Quantile((i + .5) / 1000) : 2 * large.Quantile(i / 1000.0))];
        var calibration = PooledCalibration.Of(forecasts, actual, groups: 2);
        Assert.Equal(small.Quantile(.9), calibration.Apply(small).Quantile(.9));
        Assert.True(calibration.Apply(large).Quantile(.5) > 70);
    }

    [Fact]
    public void Few_or_unknown_windows_correct_nothing()
    {
        var forecast = CountDemand.Poisson(2);
        Assert.Same(forecast, PooledCalibration.Of([], []).Apply(forecast));
        Assert.Same(forecast, PooledCalibration.Of([.. Enumerable.Repeat(forecast, 500)], [.. Enumerable.Repeat(double.NaN, 500)]).Apply(forecast));
        Assert.Throws<ArgumentException>(() => PooledCalibration.Of([forecast], []));
    }

    [Fact]
    public void A_corrected_forecast_is_finite_and_never_falls_with_the_level()
    {
        var dice = new Random(5);
        List<IDemandDistribution> forecasts = [.. Enumerable.Range(0, 800).Select(i => CountDemand.NegativeBinomial(i < 100 ? 0 : i, 5 * i))];
        var calibration = PooledCalibration.Of(forecasts, [.. forecasts.Select(f => (double)(int)(f.Mean * 3 * dice.NextDouble()))], groups: 2);
        foreach (var one in new IDemandDistribution[] { CountDemand.Poisson(0), forecasts[300], CountDemand.Poisson(1e12) })
        {
            var corrected = calibration.Apply(one);
            var quantile = 0.0;
            foreach (var level in new[] { 0, .1, .5, .9, .99, .9999, 1 })
            {
                var next = corrected.Quantile(level);
                Assert.True(double.IsFinite(next) && next >= quantile, $"{one.Mean} {level}: {quantile} {next}");
                quantile = next;
            }

            Assert.True(double.IsFinite(corrected.Mean) && double.IsFinite(corrected.Variance) && corrected.Cdf(quantile) > .99);
        }
    }

    [Fact]
    public void Corrections_know_only_windows_that_are_over()
    {
        var dice = new Random(11);
        double[][] parts = [.. Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, 30).Select(_ => (double)dice.Next(4)).ToArray())];
        double[][] changed = [.. parts.Select(p => (double[])[.. p[..27], 50, 50, 50])];
        var settings = new PooledLevelSettings(.9, .95, 1.5);
        var (a, b) = (RollingDemand.Calibrated(parts, 24, 2, settings), RollingDemand.Calibrated(changed, 24, 2, settings));
        for (var i = 0; i < parts.Length; i += 50)
        {
            for (var origin = 0; origin <= 3; origin++) Assert.Equal(a[i][origin].Quantile(.97), b[i][origin].Quantile(.97));
            Assert.NotEqual(a[i][5].Quantile(.97), b[i][5].Quantile(.97));
        }
    }
}
