using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

public sealed class HierarchyTests
{
    private static readonly string[] TwoOfTwo = ["x/", "x/", "y/", "y/"];

    [Fact]
    public void Every_beginning_of_a_path_is_a_category()
    {
        var tree = CategoryTree.Of(["brakes/pads/", "brakes/discs/", "", "engine"]);
        Assert.Equal(["", "brakes/", "brakes/discs/", "brakes/pads/", "engine/"], tree.Categories);
        var nodes = new double[tree.Nodes];
        tree.Sum([1, 2, 4, 8], nodes);
        Assert.Equal([15, 3, 2, 1, 8, 1, 2, 4, 8], nodes);
    }

    [Fact]
    public void Bottom_up_adds_what_is_not_negative() =>
        Assert.Equal([7, 3, 4, 3, 0, 0, 4], Reconciliation.BottomUp(CategoryTree.Of(TwoOfTwo), [3, -1, 0, 4]));

    [Fact]
    public void With_equal_uncorrelated_errors_the_gap_is_shared_equally()
    {
        // Errors orthogonal and of variance 1, so W = I: 10 against 4 + 4, each of the three gives a third of the gap of 2.
        var nodes = Reconciliation.MinTrace(CategoryTree.Of(["", ""]), [10, 4, 4], [[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]);
        Assert.Equal(28.0 / 3, nodes[0], 9);
        Assert.Equal(14.0 / 3, nodes[1], 9);
        Assert.Equal(14.0 / 3, nodes[2], 9);
    }

    // R 4: lambda by the lines of hts::MinT's shrink.estim, then S (S' W^-1 S)^-1 S' W^-1 y by solve(); these seven series of errors.
    private static readonly double[][] Errors =
    [
        [6.89, -1.34, 1.69, 0.96, -1.44, -1.39, -0.05, 0.52, -0.07, 2.58, 2.68, 0.91],
        [4.61, -0.8, 1.48, 0.41, -1.7, -0.71, 1.13, 1.45, 1.62, 3.25, 1.89, 0.87],
        [1.96, -1.36, -0.21, 0.24, -0.2, -1.26, -1.19, 0.62, -0.11, -0.48, 0.94, -0.17],
        [2.29, -1.2, -0.69, -0.41, -0.97, -0.95, 0.75, -0.12, 0.15, 2.19, 0.36, 2.72],
        [2.28, 0.32, 1.9, 0.47, -0.89, -0.31, 0, 0.99, 0.84, 0.71, 1.31, -1.39],
        [1.27, 0.18, 0.75, 0.59, -0.98, -0.28, -0.87, 0.72, 0.11, -0.08, -0.42, -0.56],
        [1, -1.11, -0.14, 0.31, 1.22, -0.7, -0.29, -1.31, -0.39, -0.4, 1.35, 0.59],
    ];

    [Fact]
    public void The_shrinkage_is_r_s() => Assert.Equal(0.503576505023, Reconciliation.Shrinkage(Errors), 10);

    [Fact]
    public void The_reconciled_forecasts_are_r_s()
    {
        double[] expected = [95.3198250517, 53.5644719589, 41.7553530928, 32.2756267222, 21.2888452367, 24.5961375042, 17.1592155886];
        var nodes = Reconciliation.MinTrace(CategoryTree.Of(TwoOfTwo), [100, 55, 40, 30, 20, 25, 18], Errors);
        for (var node = 0; node < nodes.Length; node++) Assert.Equal(expected[node], nodes[node], 7);
    }

    [Fact]
    public void Thousands_of_leaves_add_up_and_are_not_negative()
    {
        var random = new Random(3);
        var tree = CategoryTree.Of([.. Enumerable.Range(0, 2000).Select(i => $"{i % 7}/{i % 91}/")]);
        var forecasts = new double[tree.Nodes];
        foreach (ref var forecast in forecasts.AsSpan()) forecast = random.NextDouble() * 5;
        double[][] errors = [.. Enumerable.Range(0, tree.Nodes).Select(_ => Enumerable.Range(0, 24).Select(_ => random.NextDouble() - .5).ToArray())];
        var nodes = Reconciliation.MinTrace(tree, forecasts, errors);
        var sums = new double[tree.Nodes];
        tree.Sum(nodes.AsSpan(tree.Categories.Count), sums);
        Assert.Equal(sums, nodes);
        Assert.All(nodes, value => Assert.True(double.IsFinite(value) && value >= 0));
    }

    [Fact]
    public void Errors_of_one_period_ahead_are_those_that_smoothing_minimised()
    {
        double[] history = [.. Enumerable.Range(0, 40).Select(t => 20.0 + t * 13 % 11)];
        var errors = OneStepErrors.Of(history, 1);
        Assert.Equal(ExponentialSmoothing.Fit(history).SquaredErrors, errors.Sum(e => e * e), 1e-9 * errors.Sum(e => e * e));
        Assert.Empty(OneStepErrors.Of([], 12));
        Assert.All(OneStepErrors.Of(new double[30], 12), error => Assert.Equal(0, error));
    }

    [Fact]
    public void A_season_that_comes_back_is_no_error()
    {
        double[] season = [5, 10, 20, 40, 20, 10, 5, 5, 10, 30, 15, 10];
        double[] history = [.. Enumerable.Range(0, 60).Select(t => season[t % 12])];
        Assert.All(OneStepErrors.Of(history, 12), error => Assert.InRange(error, -1e-6, 1e-6));
    }

    [Fact]
    public void Many_steps_are_reconciled_as_each_alone()
    {
        var tree = CategoryTree.Of(TwoOfTwo);
        var projection = new MinTraceProjection(tree, Errors);
        Assert.Equal(Reconciliation.Shrinkage(Errors), projection.Shrinkage);
        foreach (var step in new double[][] { [100, 55, 40, 30, 20, 25, 18], [0, 0, 0, 0, 0, 0, 0], [1, 50, 0, 3, 2, 1, 9] })
            Assert.Equal(Reconciliation.MinTrace(tree, step, Errors), projection.Of(step));
    }

    [Fact]
    public void Without_any_error_parts_decide() =>
        Assert.Equal([3, 1, 2], Reconciliation.MinTrace(CategoryTree.Of(["", ""]), [9, 1, 2], [[0, 0], [0, 0], [0, 0]]));

    [Fact]
    public void What_does_not_fit_the_tree_is_refused()
    {
        var tree = CategoryTree.Of(["", ""]);
        double[][] errors = [[1, 2], [1, 2], [1, 2]];
        Assert.Throws<ArgumentException>(() => Reconciliation.MinTrace(tree, [1, 2], errors));
        Assert.Throws<ArgumentException>(() => Reconciliation.MinTrace(tree, [1, 2, double.NaN], errors));
        Assert.Throws<ArgumentException>(() => Reconciliation.MinTrace(tree, [1, 2, 3], errors[..2]));
        Assert.Throws<ArgumentException>(() => Reconciliation.MinTrace(tree, [1, 2, 3], [[1, 2], [1], [1, 2]]));
    }
}
