using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class QuantileTests
{
    [Fact]
    public void Negative_binomial_with_mean_1_and_variance_2_is_geometric()
    {
        // r = 1, p = 1/2: cumulative .5 .75 .875 .9375 .96875 .984375 .9921875
        Assert.Equal([0, 0, 2, 3, 4, 6], Quantiles(1, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Variance_up_to_the_mean_is_poisson(double variance) // cumulative .3679 .7358 .9197 .9810 .9963
    {
        Assert.Equal([0, 1, 2, 2, 3, 4], Quantiles(1, variance));
    }

    [Fact]
    public void No_expected_demand_needs_no_stock() => Assert.Equal(new double[6], Quantiles(0, 5));

    [Fact]
    public void Large_means_stay_near_the_normal_limit()
    {
        // Poisson 10,000: deviation 100, so the 95 % quantile is about 10,164; lots of 50 make it at most that much coarser.
        var quantiles = Quantiles(10_000, 10_000);
        Assert.InRange(quantiles[1], 9_900, 10_100);
        Assert.InRange(quantiles[4], 10_100, 12_000);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.95, 1.6448536269514722)]
    [InlineData(0.99, 2.3263478740408408)]
    [InlineData(0.05, -1.6448536269514722)]
    public void Normal_quantiles_are_those_of_the_tables(double level, double z) => Assert.Equal(z, NormalDistribution.Quantile(level), 12);

    [Fact]
    public void Smooth_demand_is_spread_normally_and_wider_with_each_step()
    {
        var quantiles = new double[QuantileForecast.Levels.Length * 2];
        QuantileForecast.Write(new(DemandClass.Smooth, Variance: 4, Alpha: 0.5), [10, 10], quantiles);
        Assert.Equal(10, quantiles[4 * 2], 9);
        Assert.Equal(10 + 1.6448536269514722 * 2, quantiles[8 * 2], 9);
        Assert.Equal(10 + 1.6448536269514722 * 2 * Math.Sqrt(1.25), quantiles[8 * 2 + 1], 9); // 1 + (h - 1) alpha^2
    }

    [Fact]
    public void The_spread_of_seldom_demand_is_tsbs_squared_error()
    {
        // 0, 4, 0, 0, 2 (see the TSB test): forecasts 3*.4 = 1.2, 3*.36 = 1.08, 3.1*.424 = 1.3144, 3.1*.3816 = 1.18296, 3.1*.34344 = 1.064664
        var expected = (1.2 * 1.2 + 2.92 * 2.92 + 1.3144 * 1.3144 + 1.18296 * 1.18296 + 0.935336 * 0.935336) / 5;
        var spread = DemandSpread.Of([0, 4, 0, 0, 2]);
        Assert.Equal(DemandClass.Intermittent, spread.Class);
        Assert.Equal(expected, spread.Variance, 9);
    }

    [Fact]
    public void Quantiles_never_fall_with_the_level_and_are_never_negative()
    {
        var mean = new double[12];
        var quantiles = new double[12 * QuantileForecast.Levels.Length];
        foreach (var history in MethodPropertyTests.Histories())
        {
            new Combination().Forecast(history, 12, mean);
            QuantileForecast.Write(DemandSpread.Of(history), mean, quantiles);
            for (var step = 0; step < 12; step++)
            {
                Assert.True(quantiles[step] >= 0);
                for (var i = 1; i < QuantileForecast.Levels.Length; i++) Assert.True(quantiles[i * 12 + step] >= quantiles[(i - 1) * 12 + step]);
            }
        }
    }

    private static double[] Quantiles(double mean, double variance)
    {
        var quantiles = new double[6];
        NegativeBinomial.Quantiles(mean, variance, [.05, .5, .8, .9, .95, .99], quantiles);
        return quantiles;
    }
}
