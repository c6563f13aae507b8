using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class AccuracyTests
{
    private static readonly double[] Flat = new double[QuantileForecast.Levels.Length * 2]; // all zero

    [Fact]
    public void Scaled_error_divides_by_the_seasonal_naive_error() // |2 - 1|, |6 - 3| -> 2
    {
        Assert.Equal(1.5, ScaledError.Of([1, 3, 2, 6], season: 2, meanAbsoluteError: 3));
    }

    [Fact]
    public void Scaled_error_uses_lag_1_only_for_0_by_0()
    {
        Assert.Equal(0, ScaledError.Of([1, 2, 1, 2], season: 2, meanAbsoluteError: 0));
        Assert.Equal(double.PositiveInfinity, ScaledError.Of([1, 2, 1, 2], season: 2, meanAbsoluteError: 1));
        Assert.Equal(double.NaN, ScaledError.Of([0, 0, 0, 0], season: 2, meanAbsoluteError: 0));
    }

    [Fact]
    public void Scaled_error_skips_pairs_with_a_missing_end() => // |5 - 2| only
        Assert.Equal(2, ScaledError.Of([2, double.NaN, 5, 7], season: 2, meanAbsoluteError: 6));

    [Fact]
    public void Figures_are_pooled_as_their_definitions_say()
    {
        // Series 1: forecast 2, 2 for 1, 5: errors +1, -3. Series 2: forecast 1, 1 for 0, missing: error +1.
        var one = SeriesErrors.Of([1, 2], 1, [1, 5], [2, 2], Flat);
        var two = SeriesErrors.Of([0, 2], 1, [0, double.NaN], [1, 1], Flat);
        var accuracy = MethodAccuracy.Of("test", [one, two]);

        Assert.Equal(2, accuracy.Series);
        Assert.Equal(5.0 / 3, accuracy.Mae, 12); // 1 + 3 + 1 over three observed periods
        Assert.Equal(Math.Sqrt(11.0 / 3), accuracy.Rmse, 12); // 1 + 9 + 1
        Assert.Equal(-1.0 / 6, accuracy.Bias, 12); // +1 - 3 + 1 over 6 sold
        Assert.Equal(3.0 / 6, accuracy.CumulativeWape, 12); // |1 - 3| + |1| over 6
        Assert.Equal((2.0 / 1 + 1.0 / 2) / 2, accuracy.Mase, 12); // MAE 2 scale 1; MAE 1 scale 2
        Assert.Equal(0.95 * 6 / 3, accuracy.Pinball[8], 12); // 1 + 5 + 0 too few at every level
    }

    [Fact]
    public void Surplus_costs_one_minus_the_level()
    {
        var errors = SeriesErrors.Of([1, 2], 1, [1, 5], [2, 2], [.. Enumerable.Repeat(7.0, Flat.Length)]); // 6 and 2 too many
        Assert.Equal(0.05 * 8, errors.Pinball[8], 12);
    }

    [Fact]
    public void Bias_does_not_exist_where_nothing_was_sold() =>
        Assert.True(double.IsNaN(MethodAccuracy.Of("test", [SeriesErrors.Of([1, 2], 1, [0, 0], [1, 1], Flat)]).Bias));

    [Fact]
    public void The_backtest_sees_nothing_of_the_window()
    {
        double[] history = [.. Enumerable.Range(0, 36).Select(t => (double)(t % 4))];
        double[] changed = [.. history[..24], .. history[24..].Select(v => v + 100)];
        var before = Backtest.Run(history, 12)!;
        var after = Backtest.Run(changed, 12)!;
        for (var i = 0; i < before.Length; i++) // the sum of forecasts
            Assert.Equal(before[i].Error + before[i].Actual, after[i].Error + after[i].Actual, 9);
    }

    [Fact]
    public void A_series_too_short_to_test_is_left_out()
    {
        Assert.Null(Backtest.Run(new double[12], 12));
        Assert.Null(Backtest.Run([1, 2, .. Enumerable.Repeat(double.NaN, 12)], 12));
        Assert.NotNull(Backtest.Run(new double[13], 12));
    }
}
