using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class PooledLevelsTests
{
    private static readonly PooledLevelSettings s_settings = new(Discount: .5, SpreadDiscount: 1, SpreadEvents: 1);

    [Fact]
    public void A_level_is_the_discounted_mean_drawn_towards_all()
    {
        // Two periods: sums 2 x .5 + 4 = 5 and 0, weights 1.5 each. Prior mean 5/3; between = (5/3)^2, the mean of (10/3 - 5/3)^2 and (0 - 5/3)^2.
        // Errors of period 2: level (no spread known yet: dispersion 1) of item 1 after period 1: m = 1, noise = 1 x 1 x 2 / 2 = 1, between = 1: weight 1 / .1 = 10; (10 + 2) / 11.
        var levels = Learn(s_settings, [2, 4], [0, 0]);
        Assert.Equal(5.0 / 3, levels.PriorMean, 12);
        double[] before = [12.0 / 11, 10.0 / 11];
        var squares = Math.Pow(4 - before[0], 2) + Math.Pow(before[1], 2);
        var dispersion = squares / (before[0] + before[1]);
        Assert.Equal(dispersion, levels.Dispersion, 12);
        var noise = dispersion * (5.0 / 3) * 2 / 3;
        var weight = dispersion * (5.0 / 3) / Math.Max(.1 * 25 / 9, 25.0 / 9 - noise);
        Assert.Equal(weight, levels.PriorWeight, 12);
        Assert.Equal((weight * 5 / 3 + 5) / (weight + 1.5), levels.Level(0), 12);
        Assert.Equal(Math.Max(1, (dispersion * dispersion + before[1] * before[1]) / (dispersion + before[1])), levels.DispersionOf(1), 12);
    }

    [Fact]
    public void A_missing_period_is_not_a_period_without_demand()
    {
        var missing = Learn(s_settings with { Discount = .9 }, [5, 5, double.NaN, double.NaN], [1, 1, 1, 1]);
        var zero = Learn(s_settings with { Discount = .9 }, [5, 5, 0, 0], [1, 1, 1, 1]);
        Assert.True(missing.Level(0) > 1.2 * zero.Level(0));
    }

    [Fact]
    public void An_exposure_takes_the_season_out()
    {
        var levels = new PooledLevels(2, new(1, 1, 1));
        for (var t = 0; t < 40; t++) levels.Learn([t % 2 == 0 ? 2 : 6, t % 2 == 0 ? 20 : 60], [t % 2 == 0 ? .5 : 1.5, t % 2 == 0 ? .5 : 1.5]);
        Assert.Equal(4, levels.Level(0), .1);
        Assert.Equal(40, levels.Level(1), .1);
    }

    [Fact]
    public void A_peak_says_no_more_of_the_level_than_an_ordinary_period()
    {
        // Sums 4 + 30 / 10 = 7 over 2 periods, not (4 + 30) / 11; two like items, so that the prior is their mean.
        var levels = new PooledLevels(2, new(1, 1, 1));
        levels.Learn([4, 4], [1, 1]);
        levels.Learn([30, 30], [10, 10]);
        Assert.Equal(3.5, levels.Level(0), 12);
        Assert.Equal(100.0 / 40, levels.Dispersion, 12); // an error of 10 units on 40 expected ones
    }

    [Fact]
    public void Nothing_seen_or_sold_leaves_finite_levels()
    {
        foreach (var units in new[] { double.NaN, 0, -3, 1e12, 1e-300 })
        {
            var levels = Learn(s_settings, [units, units, units], [units, 0, double.NaN]);
            for (var item = 0; item < 2; item++)
            {
                Assert.True(double.IsFinite(levels.Level(item)) && levels.Level(item) >= 0);
                Assert.True(double.IsFinite(levels.DispersionOf(item)) && levels.DispersionOf(item) >= 1);
            }
        }

        Assert.Equal(0, new PooledLevels(1, s_settings).Level(0));
    }

    private static PooledLevels Learn(PooledLevelSettings settings, double[] first, double[] second)
    {
        var levels = new PooledLevels(2, settings);
        for (var t = 0; t < first.Length; t++) levels.Learn([first[t], second[t]], [1, 1]);
        return levels;
    }
}
