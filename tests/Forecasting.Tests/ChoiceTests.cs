using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class ChoiceTests
{
    [Fact]
    public void Origins_span_one_horizon_before_the_last_one() =>
        Assert.Equal([27, 25, 23, 21, 19], RollingOrigins.Of(length: 39, season: 12, horizon: 12, count: 6)); // 19 = half of 39

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 0)] // 2 steps would leave 2 periods
    [InlineData(6, 1)]
    [InlineData(200, 6)]
    public void Short_histories_have_fewer_origins(int length, int expected) => Assert.Equal(expected, RollingOrigins.Of(length, 4, 8, 6).Length);

    [Fact]
    public void No_origin_reaches_behind_the_history()
    {
        for (var length = 0; length < 120; length++)
            foreach (var origin in RollingOrigins.Of(length, 12, 18, 6))
                Assert.InRange(origin, 3, length - RollingOrigins.Steps(length, 18));
    }

    [Fact]
    public void Weights_are_those_of_the_smallest_variance()
    {
        // Independent errors with variances 1 and 3: weights 3/4 and 1/4 (Bates & Granger 1969).
        var weights = new double[2];
        CombinationWeights.Solve([1, 0, 0, 3], [.5, .5], weights, strength: 0);
        Assert.Equal(.75, weights[0], 6);
        Assert.Equal(.25, weights[1], 6);
    }

    [Fact]
    public void A_strong_ridge_keeps_equal_weights()
    {
        var weights = new double[2];
        CombinationWeights.Solve([1, 0, 0, 3], [.5, .5], weights, strength: 1e6);
        Assert.Equal(.5, weights[0], 4);
    }

    [Fact]
    public void A_member_that_would_need_a_negative_weight_gets_none()
    {
        // Covariance 2 above the smaller variance 1: the free minimum is w = (5 - 2, 1 - 2) / 2 = (1.5, -.5).
        var weights = new double[2];
        CombinationWeights.Solve([1, 2, 2, 5], [.5, .5], weights, strength: 0);
        Assert.Equal([1, 0], weights);
    }

    [Fact]
    public void A_member_without_a_prior_is_never_used()
    {
        var weights = new double[3];
        CombinationWeights.Solve([1, 0, 0, 0, 1, 0, 0, 0, 0], [.5, .5, double.NaN], weights);
        Assert.Equal([.5, .5, 0], weights);
    }

    [Fact]
    public void Errors_that_are_all_zero_leave_the_prior()
    {
        var weights = new double[2];
        CombinationWeights.Solve(new double[4], [.3, .7], weights);
        Assert.Equal([.3, .7], weights);
    }

    [Fact]
    public void The_transform_of_counts_is_uniform_when_the_distribution_is_right()
    {
        // Geometric with mean 1: P(0) = .5, P(1) = .25. A third of the way through the mass of 1: .5 + .25 / 3.
        Assert.Equal(.5 + .25 / 3, CountTransform.Transform(1, 2, 1, 1.0 / 3), 12);
        Assert.Equal((0.0, .5), CountTransform.Cumulative(1, 2, 0));
        Assert.Equal((1, 1), CountTransform.Cumulative(0, 0, 3));
    }

    [Fact]
    public void Intervals_are_as_wide_as_the_pooled_errors_were()
    {
        // Errors -50 ... 50 spreads, evenly: the q-quantile of n = 10,001 values is about -50 + 100 q; the prior of 40 normal errors moves it by 0.4 %.
        var errors = Enumerable.Range(0, 10_001).Select(i => -50 + i * 0.01).ToList();
        var calibration = Calibration.Of(DemandRoute.Regular, [errors], [.. errors]);
        var quantiles = new double[QuantileForecast.Levels.Length];
        calibration.Write([1000], 2, quantiles);
        Assert.Equal(1000 + 2 * 47.5, quantiles[9], 1.0);
        Assert.Equal(1000 - 2 * 47.5, quantiles[0], 1.0);
        Assert.Equal(1000, quantiles[4], 1e-9);
    }

    [Fact]
    public void Levels_that_were_missed_are_moved()
    {
        // A transform that never exceeds one half: demand was half as spread as said, so the level for 90 % is about .45.
        var transforms = Enumerable.Range(0, 10_000).Select(i => i / 20_000.0).ToList();
        var calibration = Calibration.Of(DemandRoute.Seldom, [transforms], [.. transforms]);
        Assert.Equal(.45, calibration.Values[7], 2);
    }

    [Fact]
    public void Dividing_the_season_out_and_putting_it_back_leaves_a_pure_season() // indices .5 and 1.5, level 10
    {
        double[] history = [.. Enumerable.Range(0, 20).Select(t => t % 2 == 0 ? 5.0 : 15.0)];
        var mean = new double[3];
        new SeasonallyAdjusted("naive", new Naive()).Forecast(history, 2, mean);
        Assert.Equal([5, 15, 5], mean.Select(m => Math.Round(m, 9)));
    }

    [Fact]
    public void Logarithms_turn_growth_by_shares_into_a_straight_line()
    {
        var mean = new double[2];
        new LogScale(EtsMethod.Holt).Forecast([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], 1, mean);
        Assert.Equal(1024, mean[0], 1.0);
        Assert.Equal(2048, mean[1], 3.0);
        new LogScale(new Naive()).Forecast([0, 3, double.NaN], 1, mean); // log(0 + 1) ... exp(log 4) - 1
        Assert.Equal(3, mean[0], 9);
    }
}
