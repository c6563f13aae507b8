namespace Shabou.Forecasting;

/// <summary>Puts a distribution around an expected demand: stock is set by quantiles, not by means.</summary>
/// <remarks>
/// The spread comes from one-step errors made inside the history: TSB's errors for demand that comes seldom or in very different
/// sizes, SES's for smooth demand. The distribution follows the class (<see cref="DemandProfile"/>): negative binomial for
/// intermittent, lumpy and erratic demand (Poisson where the variance is not above the mean; Snyder, Ord &amp; Beaumont 2012), normal
/// for smooth demand, its variance growing as sigma^2 (1 + (h-1) alpha^2) (ETS(A,N,N); Hyndman, Koehler, Ord &amp; Snyder 2008, ch. 6).
/// Quantiles never fall with the level and are never below zero.
/// </remarks>
public static class QuantileForecast
{
    /// <summary>The published levels, ascending.</summary>
    public static ReadOnlySpan<double> Levels => [0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.80, 0.90, 0.95, 0.975, 0.99];

    private static readonly double[] NormalQuantiles = [.. Levels.ToArray().Select(NormalDistribution.Quantile)];

    /// <summary>Writes the quantiles of every step.</summary>
    /// <param name="spread">From <see cref="DemandSpread.Of"/>.</param>
    /// <param name="mean">Expected demand per step; a negative one counts as zero.</param>
    /// <param name="quantiles">Level by level, each with all steps: value of level i at step s is at i * mean.Length + s.</param>
    public static void Write(in DemandSpread spread, ReadOnlySpan<double> mean, Span<double> quantiles)
    {
        Span<double> step = stackalloc double[Levels.Length];
        for (var s = 0; s < mean.Length; s++)
        {
            if (spread.Class == DemandClass.Smooth)
            {
                var deviation = Math.Sqrt(spread.Variance * (1 + s * spread.Alpha * spread.Alpha));
                for (var i = 0; i < step.Length; i++) step[i] = Math.Max(0, mean[s] + NormalQuantiles[i] * deviation);
            }
            else if (s > 0 && mean[s] == mean[s - 1])
            {
                for (var i = 0; i < step.Length; i++) step[i] = quantiles[i * mean.Length + s - 1];
            }
            else
            {
                NegativeBinomial.Quantiles(mean[s], spread.Variance, Levels, step);
            }

            for (var i = 0; i < step.Length; i++) quantiles[i * mean.Length + s] = step[i];
        }
    }
}
