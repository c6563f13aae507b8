using MathNet.Numerics.LinearAlgebra.Double;

namespace Shabou.Forecasting;

/// <summary>Makes the forecasts of parts and categories add up.</summary>
public static class Reconciliation
{
    /// <summary>Categories get the sums of their parts.</summary>
    /// <param name="leaves">One forecast per leaf.</param>
    /// <returns>One per node; what is negative at a leaf counts as zero.</returns>
    public static double[] BottomUp(CategoryTree tree, ReadOnlySpan<double> leaves)
    {
        var positive = leaves.ToArray();
        foreach (ref var value in positive.AsSpan()) value = Math.Max(0, value);
        var nodes = new double[tree.Nodes];
        tree.Sum(positive, nodes);
        return nodes;
    }

    /// <summary>The reconciled forecasts of least total variance, with a shrunken covariance of the one-step errors (MinT-shrink).</summary>
    /// <param name="forecasts">One per node, made apart: categories, then leaves, as <see cref="CategoryTree"/> orders them.</param>
    /// <param name="errors">Per node its one-step errors, all of one length of at least 2 and over the same periods, finite.</param>
    /// <returns>One per node, adding up; not negative: what comes out negative at a leaf is set to zero and the sums follow (Di Fonzo &amp; Girolimetto
    /// 2023).</returns>
    /// <remarks>
    /// Wickramasuriya, Athanasopoulos &amp; Hyndman 2019, in the form that needs no inverse of the covariance W: y - W C' (C W C')^-1 C y with the constraints
    /// C = (I, -A), A summing leaves into categories. W = k diag + (1 - k) E'E / T is never formed, so the cost is one Cholesky factor of the categories'
    /// number cubed, and leaves x periods x categories before it: thousands of leaves under hundreds of categories take well under a second.
    /// </remarks>
    /// <exception cref="ArgumentException">A number of forecasts or errors does not fit the tree, or one is not finite.</exception>
    public static double[] MinTrace(CategoryTree tree, ReadOnlySpan<double> forecasts, IReadOnlyList<double[]> errors)
    {
        Check(tree, forecasts, errors);
        var (categories, periods) = (tree.Categories.Count, errors[0].Length);
        var diagonal = Variances(errors);
        var shrinkage = Shrinkage(errors);
        var broken = Incoherences(tree, errors); // C E', categories x periods
        var matrix = (1 - shrinkage) / periods * broken.TransposeAndMultiply(broken); // C W C'
        for (var c = 0; c < categories; c++) matrix[c, c] += shrinkage * diagonal[c];
        for (var leaf = 0; leaf < tree.Leaves; leaf++)
            foreach (var a in tree.Above(leaf))
                foreach (var b in tree.Above(leaf)) matrix[a, b] += shrinkage * diagonal[categories + leaf];
        var ridge = 1e-12 * Math.Max(double.Epsilon, matrix.Diagonal().Maximum());
        if (!(ridge > 0)) return BottomUp(tree, forecasts[categories..]); // no error anywhere: nothing says whom to believe
        for (var c = 0; c < categories; c++) matrix[c, c] += ridge;

        var gap = new DenseVector(Gaps(tree, forecasts));
        var multipliers = matrix.Cholesky().Solve(gap);
        var projected = broken.TransposeThisAndMultiply(multipliers); // E C' x, one per period
        var leaves = new double[tree.Leaves];
        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            var pull = 0.0; // (C' x) of the leaf: minus the multipliers above it
            foreach (var category in tree.Above(leaf)) pull -= multipliers[category];
            var shared = 0.0;
            for (var t = 0; t < periods; t++) shared += errors[categories + leaf][t] * projected[t];
            leaves[leaf] = forecasts[categories + leaf] - shrinkage * diagonal[categories + leaf] * pull - (1 - shrinkage) / periods * shared;
        }

        return BottomUp(tree, leaves);
    }

    /// <summary>How much of the correlations is noise, 0 to 1: the shrinkage intensity towards none.</summary>
    /// <remarks>Schaefer &amp; Strimmer 2005, of errors whose mean is taken as zero: sum of the variances of the correlations / sum of their squares, over all
    /// pairs. Both sums follow from the periods x periods matrix of products, so thousands of nodes need no matrix of their own.</remarks>
    public static double Shrinkage(IReadOnlyList<double[]> errors)
    {
        var periods = errors[0].Length;
        var diagonal = Variances(errors);
        var products = new double[periods, periods];
        var sizes = new double[periods];
        double fourth = 0;
        var nodes = 0;
        for (var node = 0; node < errors.Count; node++)
        {
            if (!(diagonal[node] > 0)) continue;
            nodes++;
            for (var t = 0; t < periods; t++)
            {
                var square = errors[node][t] * errors[node][t] / diagonal[node];
                sizes[t] += square;
                fourth += square * square;
                for (var u = 0; u < periods; u++) products[t, u] += errors[node][t] * errors[node][u] / diagonal[node];
            }
        }

        double all = 0, squares = 0;
        foreach (var product in products) all += product * product;
        foreach (var size in sizes) squares += size * size;
        var n = (double)periods;
        var variance = (squares - fourth - (all - nodes * n * n) / n) / (n * (n - 1));
        var correlations = all / (n * n) - nodes;
        return correlations > 1e-12 * nodes ? Math.Clamp(variance / correlations, 0, 1) : 1;
    }

    private static double[] Variances(IReadOnlyList<double[]> errors)
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

    private static double[] Gaps(CategoryTree tree, ReadOnlySpan<double> forecasts)
    {
        var categories = tree.Categories.Count;
        var gaps = forecasts[..categories].ToArray();
        for (var leaf = 0; leaf < tree.Leaves; leaf++)
            foreach (var category in tree.Above(leaf)) gaps[category] -= forecasts[categories + leaf];
        return gaps;
    }

    private static void Check(CategoryTree tree, ReadOnlySpan<double> forecasts, IReadOnlyList<double[]> errors)
    {
        if (forecasts.Length != tree.Nodes) throw new ArgumentException($"The tree has {tree.Nodes} nodes, but there are {forecasts.Length} forecasts.", nameof(forecasts));
        if (errors.Count != tree.Nodes) throw new ArgumentException($"The tree has {tree.Nodes} nodes, but there are errors of {errors.Count}.", nameof(errors));
        foreach (var forecast in forecasts)
            if (!double.IsFinite(forecast)) throw new ArgumentException("A forecast is not finite.", nameof(forecasts));
        foreach (var node in errors)
            if (node.Length < 2 || node.Length != errors[0].Length || !Array.TrueForAll(node, double.IsFinite))
                throw new ArgumentException("Errors must be finite and of one length, at least 2.", nameof(errors));
    }
}
