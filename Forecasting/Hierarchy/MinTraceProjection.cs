using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Shabou.Forecasting;

/// <summary>MinT-shrink made ready for one tree and its errors, to reconcile many steps.</summary>
/// <remarks>
/// Wickramasuriya, Athanasopoulos &amp; Hyndman 2019, in the form that needs no inverse of the covariance W: y - W C' (C W C')^-1 C y with the constraints
/// C = (I, -A), A summing leaves into categories. W = k diag + (1 - k) E'E / T is never formed, so the cost is one Cholesky factor of the categories'
/// number cubed, and leaves x periods x categories before it: thousands of leaves under hundreds of categories take well under a second. Each
/// step then costs categories squared and leaves x periods.
/// </remarks>
public sealed class MinTraceProjection
{
    private readonly CategoryTree _tree;
    private readonly IReadOnlyList<double[]> _errors;
    private readonly double[] _variances;
    private readonly DenseMatrix _broken; // C E', categories x periods
    private readonly Cholesky<double>? _factor; // of C W C'; null: no error anywhere

    /// <param name="tree">Which parts add up to which categories.</param>
    /// <param name="errors">Per node its one-step errors, all of one length of at least 2 and over the same periods, finite.</param>
    /// <exception cref="ArgumentException">A number of errors does not fit the tree, or one is not finite.</exception>
    public MinTraceProjection(CategoryTree tree, IReadOnlyList<double[]> errors)
    {
        Check(tree, errors);
        (_tree, _errors) = (tree, errors);
        _variances = Variances(errors);
        Shrinkage = Reconciliation.Shrinkage(errors);
        _broken = Incoherences(tree, errors);
        var categories = tree.Categories.Count;
        var matrix = (1 - Shrinkage) / errors[0].Length * _broken.TransposeAndMultiply(_broken);
        for (var c = 0; c < categories; c++) matrix[c, c] += Shrinkage * _variances[c];
        for (var leaf = 0; leaf < tree.Leaves; leaf++)
            foreach (var a in tree.Above(leaf))
                foreach (var b in tree.Above(leaf)) matrix[a, b] += Shrinkage * _variances[categories + leaf];
        var ridge = 1e-12 * Math.Max(double.Epsilon, matrix.Diagonal().Maximum());
        if (!(ridge > 0)) return;
        for (var c = 0; c < categories; c++) matrix[c, c] += ridge;
        _factor = matrix.Cholesky();
    }

    /// <summary>See <see cref="Reconciliation.Shrinkage"/>.</summary>
    public double Shrinkage { get; }

    /// <summary>Reconciles one step.</summary>
    /// <param name="forecasts">One per node: categories, then leaves, as <see cref="CategoryTree"/> orders them.</param>
    /// <returns>As <see cref="Reconciliation.MinTrace"/>; the sums of the leaves as they are when there is no error anywhere: nothing says whom to believe.</returns>
    /// <exception cref="ArgumentException">The number of forecasts does not fit the tree, or one is not finite.</exception>
    public double[] Of(ReadOnlySpan<double> forecasts)
    {
        if (forecasts.Length != _tree.Nodes) throw new ArgumentException($"The tree has {_tree.Nodes} nodes, but there are {forecasts.Length} forecasts.", nameof(forecasts));
        foreach (var forecast in forecasts)
            if (!double.IsFinite(forecast)) throw new ArgumentException("A forecast is not finite.", nameof(forecasts));
        var (categories, periods) = (_tree.Categories.Count, _errors[0].Length);
        if (_factor is null) return Reconciliation.BottomUp(_tree, forecasts[categories..]);

        var multipliers = _factor.Solve(new DenseVector(Gaps(forecasts)));
        var projected = _broken.TransposeThisAndMultiply(multipliers); // E C' x, one per period
        var leaves = new double[_tree.Leaves];
        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            var pull = 0.0; // (C' x) of the leaf: minus the multipliers above it
            foreach (var category in _tree.Above(leaf)) pull -= multipliers[category];
            var shared = 0.0;
            for (var t = 0; t < periods; t++) shared += _errors[categories + leaf][t] * projected[t];
            leaves[leaf] = forecasts[categories + leaf] - Shrinkage * _variances[categories + leaf] * pull - (1 - Shrinkage) / periods * shared;
        }

        return Reconciliation.BottomUp(_tree, leaves);
    }

    /// <summary>Mean square per node: the errors' mean is taken as zero.</summary>
    internal static double[] Variances(IReadOnlyList<double[]> errors)
    {
        var variances = new double[errors.Count];
        for (var node = 0; node < variances.Length; node++)
        {
            foreach (var error in errors[node]) variances[node] += error * error;
            variances[node] /= errors[node].Length;
        }

        return variances;
    }

    private static DenseMatrix Incoherences(CategoryTree tree, IReadOnlyList<double[]> errors)
    {
        var (categories, periods) = (tree.Categories.Count, errors[0].Length);
        var broken = DenseMatrix.Create(categories, periods, (c, t) => errors[c][t]);
        for (var leaf = 0; leaf < tree.Leaves; leaf++)
            foreach (var category in tree.Above(leaf))
                for (var t = 0; t < periods; t++) broken[category, t] -= errors[categories + leaf][t];
        return broken;
    }

    private double[] Gaps(ReadOnlySpan<double> forecasts)
    {
        var categories = _tree.Categories.Count;
        var gaps = forecasts[..categories].ToArray();
        for (var leaf = 0; leaf < _tree.Leaves; leaf++)
            foreach (var category in _tree.Above(leaf)) gaps[category] -= forecasts[categories + leaf];
        return gaps;
    }

    private static void Check(CategoryTree tree, IReadOnlyList<double[]> errors)
    {
        if (errors.Count != tree.Nodes) throw new ArgumentException($"The tree has {tree.Nodes} nodes, but there are errors of {errors.Count}.", nameof(errors));
        foreach (var node in errors)
            if (node.Length < 2 || node.Length != errors[0].Length || !Array.TrueForAll(node, double.IsFinite))
                throw new ArgumentException("Errors must be finite and of one length, at least 2.", nameof(errors));
    }
}
