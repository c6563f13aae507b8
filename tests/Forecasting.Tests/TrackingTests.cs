using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class TrackingTests
{
    private const double Missing = double.NaN;

    [Fact]
    public void The_tracking_signal_smooths_errors_and_their_sizes()
    {
        // Errors +2, -1: signed .2, then .2 + .1 (-1 - .2) = .08; absolute .2, then .2 + .1 (1 - .2) = .28.
        Assert.Equal(.08 / .28, TrackingSignal.Trigg([1, 4], [3, 3]), 12);
        Assert.Equal(1, TrackingSignal.Trigg([1, 1, 1], [2, 5, 3]), 12);
        Assert.Equal(-1, TrackingSignal.Trigg([5, 5], [2, 4]), 12);
        Assert.Equal(0, TrackingSignal.Trigg([5], [5]));
        Assert.Equal(double.NaN, TrackingSignal.Trigg([5, 5], [Missing, Missing]));
    }

    [Fact]
    public void The_cumulative_signal_counts_mean_deviations() // errors +2, -1, +3: 4 / (6 / 3)
    {
        Assert.Equal(2, TrackingSignal.Cumulative([1, 4, 0, 9], [3, 3, 3, Missing]), 12);
        Assert.Equal(double.NaN, TrackingSignal.Cumulative([], []));
    }

    [Fact]
    public void Coverage_counts_the_ends_as_inside()
    {
        Assert.Equal(.75, Coverage.Of([1, 2, 3, 4, Missing], [1, 1, 1, 1, 1], [3, 3, 3, 3, 3]));
        Assert.Equal(double.NaN, Coverage.Of([Missing], [0], [1]));
    }

    [Fact]
    public void The_interval_score_adds_forty_times_what_lies_outside()
    {
        // Widths 2 and 2, 1 too high once: (2 + 2 + 40) / 2 = 22, scale |1 - 3| = 2.
        Assert.Equal(11, Coverage.IntervalScore([1, 3], 1, [2, 5], [2, 2], [4, 4]), 12);
    }

    [Fact]
    public void Value_added_is_what_each_step_takes_from_the_error()
    {
        // Demand 10, 10, 20 (40 in all). Naive 5, 10, 10: 15. Model 8, 12, 20: 4. Planner changes the first to 10: 2.
        var added = ForecastValueAdded.Of([10, 10, 20, Missing], [5, 10, 10, 1], [8, 12, 20, 1], [10, Missing, Missing, 3]);
        Assert.Equal(3, added.Periods);
        Assert.Equal(15.0 / 40 - 4.0 / 40, added.ByStatistics, 12);
        Assert.Equal(4.0 / 40 - 2.0 / 40, added.ByOverride, 12);
        Assert.Equal(-15.0 / 40, added.NaiveBias, 12);
        Assert.Equal(2.0 / 40, added.OverrideBias, 12);
    }

    [Fact]
    public void Abc_follows_the_share_of_value_and_xyz_the_variation()
    {
        // 50 + 30 = 80 % of 100; 15 more make 95 %; the rest is C. Without value nobody is A or B.
        var limits = AbcXyz.Of([30, 5, 50, 15]);
        Assert.Equal([AbcClass.A, AbcClass.A, AbcClass.B, AbcClass.C], new double[] { 50, 30, 15, 5 }.Select(limits.Abc));
        Assert.Equal(AbcClass.C, AbcXyz.Of([0, 0]).Abc(0));
        Assert.Equal(XyzClass.X, AbcXyz.Xyz([10, 12, 8]));
        Assert.Equal(XyzClass.Y, AbcXyz.Xyz([10, 20, 2])); // mean 10.67, deviation 7.4
        Assert.Equal(XyzClass.Z, AbcXyz.Xyz([0, 0, 9, Missing]));
        Assert.Equal(XyzClass.Z, AbcXyz.Xyz([]));
    }

    [Fact]
    public void The_value_of_a_part_is_its_last_year() =>
        Assert.Equal(12 * 2.5, AbcXyz.ValueOf(new("x", 12, [99, .. Enumerable.Repeat(1.0, 12)]) { UnitValue = 2.5 }), 12);
}
