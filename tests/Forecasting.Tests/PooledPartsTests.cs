using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>The pieces of the pooled model, against values worked out by hand.</summary>
public sealed class PooledPartsTests
{
    [Fact]
    public void Features_are_estimates_of_the_level_in_units_per_period()
    {
        // 24 months: 4 in the first, 2 in the 13th, 1 in the 23rd, a window of 12.
        var history = new double[24];
        (history[0], history[12], history[22]) = (4, 2, 1);
        var features = new double[PooledFeatures.Count];
        PooledFeatures.Write(history, 12, new(.5, 2), features);

        // size: (7 + 2 * 2) / (3 + 2) = 2.2; discount .5: 1 * .5 + 2 / 2048 + 4 / 2^23 over 2 - 2^-23
        Assert.Equal((.5 + 2 / 2048.0 + 4 / 8388608.0) / (2 - 1 / 8388608.0), features[0], 12);
        Assert.Equal(7 / 24.0, features[5], 12);
        Assert.Equal([2.2 * 2 / 12, 2.2 * 1 / 6, 2.2 * 1 / 3, 2.2 * 3 / 24], features[6..10].Select(f => Math.Round(f, 12)), (a, b) => Math.Abs(a - b) < 1e-11);
        Assert.Equal([.5, 2.2 * .25, 3 / 12.0], features[10..13].Select(f => Math.Round(f, 12)), (a, b) => Math.Abs(a - b) < 1e-11);
        Assert.Equal(2 / 3.0, features[13], 12);  // a year ago 2, 0, 0 followed
        Assert.Equal(1 / 9.0, features[14], 12);  // and then one unit in nine months
        Assert.Equal(Math.Pow((2 + Math.Sqrt(2) + 1) / 24, 2), features[15], 12);
        Assert.Equal(Math.Pow((Math.Sqrt(2) + 1) / 12, 2), features[16], 12);
        Assert.Equal(Math.Pow(1 / 6.0, 2), features[17], 12);
    }

    [Fact]
    public void Features_take_missing_periods_for_what_they_are()
    {
        var (gaps, features) = (new double[PooledFeatures.Count], new double[PooledFeatures.Count]);
        double[] history = [3, 1, 2, 3, 1, 2, 3, 1, 2, double.NaN, double.NaN, double.NaN];
        PooledFeatures.Write(history, 12, new(1, 1), gaps);
        PooledFeatures.Write(history.AsSpan(0, 9), 12, new(1, 1), features);
        Assert.Equal(2, gaps[5], 12);
        Assert.Equal(20 / 11.0, gaps[8], 12); // the last quarter is missing: all time stands in; size (18 + 2) / (9 + 2), demand in every period
        Assert.Equal(features[0], gaps[0], 12);           // discounting ages all weights alike
    }

    [Fact]
    public void Weights_that_would_be_negative_are_zero()
    {
        // min (w1 + w2 - 1)^2 + (w2 + 1)^2 has w2 = -1; with w2 = 0 the best w1 is 1.
        Span<double> weights = [.5, .5];
        NonNegativeLeastSquares.Solve([1, 1, 1, 2], [1, 0], weights);
        Assert.Equal([1, 0], weights.ToArray().Select(w => Math.Round(w, 6)));
    }

    [Fact]
    public void A_system_of_three_equations_is_solved()
    {
        Span<double> right = [7, 9, 8]; // the sums of the rows
        SymmetricSystem.Solve([4, 2, 1, 2, 5, 2, 1, 2, 5], right);
        Assert.Equal([1, 1, 1], right.ToArray().Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void A_sum_has_the_chance_of_its_periods_once_and_the_doubt_about_the_level_squared()
    {
        var forecast = new PooledForecast([2, 3], Dispersion: 1.5, LevelVariation: .25);
        Assert.Equal(new CountDistribution(2, 1.5 * 2 + .25 * 4), forecast.Step(0));
        Assert.Equal(new CountDistribution(5, 1.5 * 5 + .25 * 25), forecast.Sum(2));
        Assert.Equal(new CountDistribution(8, 1.5 * 8 + .25 * 64), forecast.Sum(3)); // steps after the last are like it
    }

    [Fact]
    public void A_level_that_demand_drew_from_a_gamma_has_the_quantiles_that_r_prints()
    {
        // Gamma(2, rate 1) and one period without demand: qnbinom(c(.5,.9,.99), size = 2, mu = 1) = 1 3 5
        double[] quantiles = new double[3];
        new CountDistribution(1, 1 + 1 / 2.0).Quantiles([.5, .9, .99], quantiles);
        Assert.Equal([1, 3, 5], quantiles);
    }

    [Theory]
    [InlineData("brakes/pads/", "brakes/pads/"), InlineData("brakes/discs/", "brakes/"), InlineData("glass/", ""), InlineData("", "")]
    public void A_part_belongs_to_the_nearest_group_of_thirty(string group, string expected)
    {
        PartHistory[] parts = [.. Enumerable.Range(0, 40).Select(i => new PartHistory($"{i}", 12, []) { Group = i < 31 ? "brakes/pads/" : i < 35 ? "brakes/discs/" : "glass/" })];
        var groups = PartGroups.Of(parts);
        Assert.Equal(["", "brakes/", "brakes/pads/"], groups.Names);
        Assert.Equal(expected, groups.Names[groups.Nearest(group)]);
        Assert.Equal([40, 35, 31], groups.Members(parts).Select(members => members.Count));
    }

    [Fact]
    public void A_lot_is_the_variance_over_the_mean_shrunk_towards_all_parts()
    {
        // 0 0 0 4: mean 1, squares about it 1 + 1 + 1 + 9 = 12; (12 + 12 * 2) / (4 + 12)
        Assert.Equal(36 / 16.0, LotSize.Shrunk(LotSize.Of([0, 0, 0, 4]), 2), 12);
        Assert.Equal(2, LotSize.Shrunk(LotSize.Of([0, 0, 0]), 2), 12); // no demand says nothing
        Assert.Equal(1, LotSize.Shrunk(LotSize.Of([.. Enumerable.Repeat(3.0, 100)]), 1), 12);
    }

    [Fact]
    public void The_spread_around_a_forecast_is_the_most_likely_one()
    {
        // y <- c(0,0,1,3,0,7,2,0,0,5); MASS::theta.ml(y, 1.8) = .4940007621
        double[] demand = [0, 0, 1, 3, 0, 7, 2, 0, 0, 5];
        var head = NegativeBinomialHead.Learn([.. demand.Select(units => new ForecastOutcome(DemandClass.Lumpy, 1.8, units))]);
        Assert.Equal(1.8 + 1.8 * 1.8 / .4940007621, head.Around(1.8, DemandClass.Lumpy).Variance, 3);
        Assert.Equal(head.Around(1.8, DemandClass.Lumpy), head.Around(1.8, DemandClass.Smooth)); // ten outcomes are no class of their own
    }

    [Fact]
    public void Lots_and_doubt_about_the_level_are_told_apart()
    {
        // The variance of what came is 6 m around small and great expectations alike, so it is lots.
        ForecastOutcome[] lots = [.. new[] { 2.0, 8, 32 }.SelectMany(mean => Enumerable.Range(0, 200).Select(i =>
            new ForecastOutcome(DemandClass.Erratic, mean, new CountDistribution(mean, 6 * mean).Quantile((i + .5) / 200))))];
        var head = NegativeBinomialHead.Learn(lots);
        Assert.Equal(6, head.Around(4, DemandClass.Erratic).Variance / 4, .7);
        Assert.Equal(head.Around(4, DemandClass.Erratic).Variance * 25, head.Around(100, DemandClass.Erratic).Variance, 6);
        Assert.Equal(new CountDistribution(3, 3), NegativeBinomialHead.Learn([]).Around(3, DemandClass.Smooth));
        Assert.Equal(new CountDistribution(0, 0), head.Around(-1, DemandClass.Erratic));
    }
}
