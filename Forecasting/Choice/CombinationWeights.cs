namespace Shabou.Forecasting;

/// <summary>The weights with which forecasts are averaged: those that would have been best on the pooled errors, drawn towards given ones.</summary>
/// <remarks>Bates &amp; Granger 1969 with all covariances, weights from 0 to 1 that add up to 1 (Conflitti, De Mol &amp; Giannone 2015), and a ridge
/// around the prior (Diebold &amp; Pauly 1990). Free weights of one series do worse than equal ones (Claeskens et al. 2016); these
/// are pooled over all series of a segment, which is why they may leave equality at all.</remarks>
public static class CombinationWeights
{
    private const int Sweeps = 500;

    /// <summary>Minimises w' C w + strength x mean(diag C) x |w - prior|^2 over the simplex.</summary>
    /// <param name="products">C: n x n, row by row, sums of products of the members' errors; symmetric.</param>
    /// <param name="prior">n weights that add up to 1; a member whose prior is <see cref="double.NaN"/> must not be used.</param>
    /// <param name="strength">0: free; large: the prior. Default 0.1.</param>
    /// <param name="weights">Receives n weights, 0 to 1, adding up to 1.</param>
    public static void Solve(ReadOnlySpan<double> products, ReadOnlySpan<double> prior, Span<double> weights, double strength = 0.1)
    {
        var n = prior.Length;
        var ridge = Ridge(products, prior, strength);
        for (var i = 0; i < n; i++) weights[i] = double.IsNaN(prior[i]) ? 0 : prior[i];
        if (!(ridge > 0) || !double.IsFinite(ridge)) return;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var moved = 0.0;
            for (var i = 0; i < n; i++)
                for (var j = i + 1; j < n; j++)
                    if (!double.IsNaN(prior[i]) && !double.IsNaN(prior[j])) moved = Math.Max(moved, Math.Abs(Exchange(products, prior, weights, ridge, i, j)));
            if (moved < 1e-10) break;
        }

        Tidy(weights);
    }

    // The best amount to move from j to i: the slope along that line over its curvature, as far as both stay in [0, 1].
    private static double Exchange(ReadOnlySpan<double> c, ReadOnlySpan<double> prior, Span<double> w, double ridge, int i, int j)
    {
        var n = w.Length;
        double slopeI = ridge * (w[i] - prior[i]), slopeJ = ridge * (w[j] - prior[j]);
        for (var k = 0; k < n; k++)
        {
            slopeI += c[i * n + k] * w[k];
            slopeJ += c[j * n + k] * w[k];
        }

        var curvature = c[i * n + i] + c[j * n + j] - 2 * c[i * n + j] + 2 * ridge;
        var amount = Math.Clamp((slopeJ - slopeI) / curvature, -w[i], w[j]);
        w[i] += amount;
        w[j] -= amount;
        return amount;
    }

    private static double Ridge(ReadOnlySpan<double> products, ReadOnlySpan<double> prior, double strength)
    {
        var n = prior.Length;
        var trace = 0.0;
        var used = 0;
        for (var i = 0; i < n; i++)
        {
            if (double.IsNaN(prior[i])) continue;
            trace += products[i * n + i];
            used++;
        }

        return Math.Max(strength, 1e-9) * trace / Math.Max(1, used);
    }

    // Members below one per cent cost time and explain nothing.
    private static void Tidy(Span<double> weights)
    {
        var sum = 0.0;
        foreach (ref var weight in weights)
        {
            if (weight < 0.01) weight = 0;
            sum += weight;
        }

        foreach (ref var weight in weights) weight /= sum;
    }
}
