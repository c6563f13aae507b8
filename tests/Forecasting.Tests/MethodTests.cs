using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Each method against values worked out by hand.</summary>
public sealed class MethodTests
{
    private const double Missing = double.NaN;

    [Fact]
    public void Zero_expects_nothing() => Assert.Equal([0, 0], Forecast(new Zero(), [3, 4], horizon: 2));

    [Fact]
    public void Naive_repeats_the_last_observed_value() => Assert.Equal([4, 4], Forecast(new Naive(), [3, 4, Missing], horizon: 2));

    [Fact]
    public void Seasonal_naive_repeats_the_last_season() =>
        Assert.Equal([4, 5, 6, 4], Forecast(new SeasonalNaive(), [1, 2, 3, 4, 5, 6], season: 3, horizon: 4));

    [Fact]
    public void Seasonal_naive_is_naive_when_there_is_no_season_yet() =>
        Assert.Equal([2, 2], Forecast(new SeasonalNaive(), [1, 2], season: 3, horizon: 2));

    [Fact]
    public void Moving_average_takes_the_last_twelve_observed_values() // (2 + 3 + ... + 13) / 12 = 90 / 12
    {
        Assert.Equal([7.5], Forecast(new MovingAverage(), [99, 2, 3, 4, 5, 6, 7, Missing, 8, 9, 10, 11, 12, 13]));
    }

    [Fact]
    public void Smoothing_of_two_values_is_their_mean()
    {
        // Errors for l0 = x: 1 - x and (3 - a) - (1 - a) x; the best x leaves 4 / (1 + (1 - a)^2), smallest at the smallest a = 0.0001,
        // where x = (1 + 2.9999 * 0.9999) / (1 + 0.9999^2) = 2 - 5e-9 and the level stays there.
        var fit = ExponentialSmoothing.Fit([1, 3]);
        Assert.Equal(1e-4, fit.Alpha, 6);
        Assert.Equal(2, fit.FirstLevel, 6);
        Assert.Equal(2, fit.Level, 6);
        Assert.Equal(4 / (1 + 0.9999 * 0.9999), fit.SquaredErrors, 4);
    }

    [Fact]
    public void Smoothing_follows_a_step_at_once()
    {
        // One error of 10 at the step is unavoidable; with a = 0.9999 the next is 0.001, so the sum of squares is 100 and a bit.
        var fit = ExponentialSmoothing.Fit([0, 0, 0, 10, 10, 10]);
        Assert.Equal(0.9999, fit.Alpha, 4);
        Assert.Equal(10, fit.Level, 6);
        Assert.Equal(100, fit.SquaredErrors, 3);
    }

    [Fact]
    public void Neither_another_start_nor_another_alpha_nearby_fits_better()
    {
        double[] series = [3, 5, 4, 8, 6, 9, 12, 10, 13, 11, 9, 12];
        var fit = ExponentialSmoothing.Fit(series);
        Assert.Equal(SquaredErrors(series, fit.Alpha, fit.FirstLevel), fit.SquaredErrors, 9);
        foreach (var shift in new[] { -0.1, -0.001, 0.001, 0.1 })
        {
            Assert.True(SquaredErrors(series, fit.Alpha, fit.FirstLevel + shift) > fit.SquaredErrors);
            Assert.True(SquaredErrors(series, Math.Clamp(fit.Alpha + shift, 1e-4, 0.9999), fit.FirstLevel) >= fit.SquaredErrors - 1e-9);
        }
    }

    [Fact]
    public void Theta_goes_on_with_half_the_slope()
    {
        // 2, 4 ... 20: SES follows with a = 0.9999 and ends 0.0002 below 20; slope 2, so drift 1 a step: 20 - 0.0002 + 1.0001, one more each step.
        var forecast = Forecast(new Theta(), [2, 4, 6, 8, 10, 12, 14, 16, 18, 20], horizon: 3);
        Assert.Equal([20.9999, 21.9999, 22.9999], forecast.Select(f => Math.Round(f, 4)));
    }

    [Fact]
    public void Theta_puts_the_season_back()
    {
        // 5, 15, 5, 15 ...: r(1) = -0.95, r(2) = 0.9 > 1.645 sqrt((1 + 2 * 0.9025) / 20) = 0.616, so seasonal; indices 0.5 and 1.5,
        // adjusted series 10, 10 ..., no slope: 10 * 0.5, 10 * 1.5.
        double[] history = [.. Enumerable.Range(0, 20).Select(t => t % 2 == 0 ? 5.0 : 15.0)];
        Assert.Equal([5, 15, 5], Forecast(new Theta(), history, season: 2, horizon: 3).Select(f => Math.Round(f, 9)));
    }

    [Fact]
    public void Theta_leaves_a_season_with_an_index_of_zero_alone()
    {
        double[] history = [.. Enumerable.Range(0, 24).Select(t => t % 2 == 0 ? 0.0 : 8.0)]; // index 0 cannot be divided by
        Assert.All(Forecast(new Theta(), history, season: 2, horizon: 4), f => Assert.InRange(f, 3, 6));
    }

    [Fact]
    public void Croston_divides_size_by_interval() // size 4 -> 4 + 0.1 (2 - 4) = 3.8, interval 2 -> 2 + 0.1 (3 - 2) = 2.1
    {
        Assert.Equal([3.8 / 2.1], Forecast(new Croston(), [0, 4, 0, 0, 2]));
        Assert.Equal(0.95 * 3.8 / 2.1, Forecast(Croston.SyntetosBoylan(), [0, 4, 0, 0, 2])[0], 12);
    }

    [Fact]
    public void Croston_does_not_count_missing_periods() =>
        Assert.Equal(Forecast(new Croston(), [0, 4, 0, 0, 2]), Forecast(new Croston(), [0, Missing, 4, 0, Missing, 0, 2]));

    [Fact]
    public void Tsb_smooths_probability_every_period_and_size_at_demands()
    {
        // Start: size (4 + 2) / 2 = 3, probability 2 / 5. Periods: .36; size 3.1 and .424; .3816; .34344; size 2.99 and .409096.
        Assert.Equal(2.99 * 0.409096, Forecast(new TeunterSyntetosBabai(), [0, 4, 0, 0, 2])[0], 12);
    }

    [Fact]
    public void Tsb_lets_go_of_a_part_that_died_and_croston_does_not()
    {
        double[] dead = [2, 0, 3, 2, .. new double[60]];
        Assert.InRange(Forecast(new TeunterSyntetosBabai(), dead)[0], 0, 0.01);
        Assert.InRange(Forecast(new Croston(), dead)[0], 1, 3);
    }

    [Fact]
    public void Combination_is_the_plain_mean_with_tsb_where_demand_is_seldom()
    {
        double[] seldom = [0, 4, 0, 0, 2, 0, 1, 0]; // ADI 8 / 3
        var members = new IForecastMethod[] { new Theta(), new ExponentialSmoothing(), new TeunterSyntetosBabai() };
        Assert.Equal(members.Average(m => Forecast(m, seldom)[0]), Forecast(new Combination(), seldom)[0], 12);
        Assert.Equal("theta+ses+tsb", Combination.MembersFor(DemandClass.Lumpy));

        double[] often = [5, 4, 6, 5, 7, 2, 5, 6]; // ADI 1
        Assert.Equal(members[..2].Average(m => Forecast(m, often)[0]), Forecast(new Combination(), often)[0], 12);
        Assert.Equal("theta+ses", Combination.MembersFor(DemandClass.Smooth));
    }

    [Fact]
    public void Gaps_are_filled_on_the_straight_line_and_ends_with_the_neighbour()
    {
        var filled = new double[6];
        MissingValues.Interpolate([Missing, 2, Missing, Missing, 8, Missing], filled);
        Assert.Equal([2, 2, 4, 6, 8, 8], filled);
    }

    private static double[] Forecast(IForecastMethod method, double[] history, int season = 1, int horizon = 1)
    {
        var mean = new double[horizon];
        method.Forecast(history, season, mean);
        return mean;
    }

    private static double SquaredErrors(double[] series, double alpha, double level)
    {
        var sum = 0.0;
        foreach (var value in series)
        {
            sum += (value - level) * (value - level);
            level += alpha * (value - level);
        }

        return sum;
    }
}
