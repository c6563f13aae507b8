namespace Shabou.Forecasting;

/// <summary>Quantiles of the negative binomial distribution given by mean and variance; of Poisson when the variance is not above
/// the mean.</summary>
/// <remarks>Size r = mean^2 / (variance - mean), success probability p = r / (r + mean); Snyder, Ord &amp; Beaumont 2012 for its use on
/// intermittent demand. A mean above 200 is counted in lots of mean / 200, so the cost is bounded and the quantile is exact to half a
/// per cent of the mean.</remarks>
public static class NegativeBinomial
{
    private const double LargestMean = 200;
    private const int LargestCount = 1_000_000;

    /// <summary>Writes, per level, the smallest count whose cumulative probability reaches it.</summary>
    /// <param name="mean">Expected demand, at least 0; 0 gives zeros.</param>
    /// <param name="variance">Variance of demand; at or below the mean means Poisson.</param>
    /// <param name="levels">Ascending, inside (0, 1).</param>
    /// <param name="quantiles">As many as levels; ascending too.</param>
    public static void Quantiles(double mean, double variance, ReadOnlySpan<double> levels, Span<double> quantiles)
    {
        if (!(mean > 0))
        {
            quantiles.Clear();
            return;
        }

        var lot = Math.Max(1, mean / LargestMean);
        var (m, v) = (mean / lot, variance / (lot * lot));
        var size = v > m * (1 + 1e-9) ? m * m / (v - m) : double.PositiveInfinity;
        var failure = double.IsInfinity(size) ? 0 : m / (size + m);
        var probability = double.IsInfinity(size) ? Math.Exp(-m) : Math.Exp(size * Math.Log(size / (size + m)));
        var cumulative = probability;
        var count = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            while (cumulative < levels[i] - 1e-12 && count < LargestCount)
            {
                // p(k+1) / p(k): mean / (k+1) for Poisson, (k + r) / (k+1) (1 - p) for the negative binomial
                probability *= (double.IsInfinity(size) ? m : (count + size) * failure) / (count + 1);
                cumulative += probability;
                count++;
            }

            quantiles[i] = count * lot;
        }
    }
}
