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
    /// <remarks><see cref="MinTraceProjection"/> says how, and reconciles many steps at the cost of one.</remarks>
    /// <exception cref="ArgumentException">A number of forecasts or errors does not fit the tree, or one is not finite.</exception>
    public static double[] MinTrace(CategoryTree tree, ReadOnlySpan<double> forecasts, IReadOnlyList<double[]> errors) =>
        new MinTraceProjection(tree, errors).Of(forecasts);

    /// <summary>How much of the correlations is noise, 0 to 1: the shrinkage intensity towards none.</summary>
    /// <remarks>Schaefer &amp; Strimmer 2005, of errors whose mean is taken as zero: sum of the variances of the correlations / sum of their squares, over all
    /// pairs. Both sums follow from the periods x periods matrix of products, so thousands of nodes need no matrix of their own.</remarks>
    public static double Shrinkage(IReadOnlyList<double[]> errors)
    {
        var periods = errors[0].Length;
        var diagonal = MinTraceProjection.Variances(errors);
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
}
