using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class InventoryEvaluationTests
{
    [Fact]
    public void The_level_is_moved_until_the_fill_rate_is_reached()
    {
        // Lead time 0, demand 0 1 2 3 4 in turn, all levels order up to one of them: 3 serves 9 of 10 units, 2 serves 7.
        double[] demand = [0, 1, 2, 3, 4];
        IDemandDistribution[] uniform = [.. demand.Select(_ => new EmpiricalDemand(demand))];
        var score = InventoryEvaluation.Score([demand], [uniform], new(LeadTime: 0, FillRate: .9));
        Assert.Equal(.9, score.FillRate, 12);
        Assert.Equal((3 + 2 + 1 + 0 + 0) / 5.0, score.Stock, 12);
        Assert.InRange(score.Level, .6, .601); // the lowest level above .6 asks for 3
        Assert.Equal((.05 * (4 + 3 + 2 + 1) + 0) / 5, score.Pinball95, 12); // the 95 % quantile is 4
    }

    [Fact]
    public void Only_whole_windows_of_known_demand_are_scored()
    {
        var known = new EmpiricalDemand([5]);
        // Two months each: 4 and 6 against 5 at .95; the windows with a gap or beyond the end do not count.
        var loss = InventoryEvaluation.Pinball([[3, 1, 5, double.NaN]], [[known, known, known, known]], new(), .95);
        Assert.Equal((.05 * 1 + .95 * 1) / 2, loss, 12);
    }

    [Fact]
    public void Rolling_distributions_know_nothing_of_their_own_periods()
    {
        double[] history = [1, 0, 2, 3, 0, 1, 0, 0, 2, 1, 0, 4, 1, 1, 0, 2], changed = [.. history[..13], 90, 90, 90];
        var (a, b) = (RollingDemand.Smoothed(history, 12, 2, normal: false), RollingDemand.Smoothed(changed, 12, 2, normal: false));
        Assert.Equal(4, a.Length);
        Assert.Equal((a[1].Mean, a[1].Variance), (b[1].Mean, b[1].Variance));
        Assert.NotEqual(a[2].Mean, b[2].Mean);
        var settings = new PooledLevelSettings(.9, .95, 1.5);
        var (c, d) = (RollingDemand.Pooled([history, changed], 12, 2, settings), RollingDemand.Pooled([history, history], 12, 2, settings));
        Assert.Equal((c[0][1].Mean, c[1][1].Variance), (d[0][1].Mean, d[1][1].Variance));
        Assert.NotEqual(c[1][2].Mean, d[1][2].Mean);
    }

    [Fact]
    public void Smoothing_by_hand()
    {
        // 12 months of mean 1 and variance 1, smoothed through once more: the level stays 1 at the end of pairs 2, 0 only approximately, so follow it.
        double[] history = [2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 5];
        double level = 1, variance = 1;
        for (var t = 0; t < 12; t++)
        {
            var error = history[t] - level;
            variance += .1 * (error * error - variance);
            level += .1 * error;
        }

        var demand = Assert.Single(RollingDemand.Smoothed(history, 12, 2, normal: false));
        Assert.Equal(2 * level, demand.Mean, 12);
        Assert.Equal(Math.Max(2 * level, 2 * variance), demand.Variance, 12);
    }

    [Theory]
    [InlineData(true, 4.69)]
    [InlineData(false, 5.01)]
    public void The_yardsticks_on_carparts_are_reproduced_within_2_percent(bool normal, double published)
    {
        var parts = SharedData.Read("carparts_zero_filled.csv.gz", firstValue: 4);
        var score = InventoryEvaluation.Score([.. parts.Select(p => p[39..])], [.. parts.Select(p => RollingDemand.Smoothed(p, 39, 2, normal))], new());
        Assert.Equal(published, score.Stock, .02 * published);
    }

    [Fact]
    public void Pooled_levels_hold_less_stock_than_the_yardsticks_on_the_training_part()
    {
        List<double[]> parts = [.. SharedData.Read("carparts_zero_filled.csv.gz", firstValue: 4).Where((_, i) => i % 3 == 0).Select(p => p[..39])];
        double[][] tests = [.. parts.Select(p => p[27..])];
        var pooled = InventoryEvaluation.Score(tests, RollingDemand.Pooled(parts, 27, 2, new(.9, .95, 1.5)), new());
        var smoothed = InventoryEvaluation.Score(tests, [.. parts.Select(p => RollingDemand.Smoothed(p, 27, 2, normal: false))], new());
        Assert.True(pooled.Stock < .7 * smoothed.Stock && pooled.Pinball99 < .85 * smoothed.Pinball99);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        IDemandDistribution[] one = [new EmpiricalDemand([1])];
        Assert.Throws<ArgumentException>(() => InventoryEvaluation.Score([], [], new()));
        Assert.Throws<ArgumentException>(() => InventoryEvaluation.Score([[1, 2]], [one], new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => InventoryEvaluation.Score([[1]], [one], new(FillRate: 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => InventoryEvaluation.Score([[1]], [one], new(LeadTime: -1)));
    }
}
