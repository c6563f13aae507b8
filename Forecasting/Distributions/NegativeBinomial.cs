namespace Shabou.Forecasting;

/// <summary>Quantiles of the negative binomial distribution given by mean and variance; of Poisson when the variance is not above
/// the mean. For many levels at once; <see cref="CountDemand"/> is the distribution itself and has the source.</summary>
public static class NegativeBinomial
{
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

        if (CountDemand.IsLarge(mean, variance))
        {
            var large = CountDemand.NegativeBinomial(mean, Math.Max(mean, variance));
            for (var i = 0; i < levels.Length; i++) quantiles[i] = large.Quantile(levels[i]);
            return;
        }

        var steps = new CountSteps(mean, variance);
        var probability = steps.First;
        var cumulative = probability;
        var count = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            while (cumulative < levels[i] - 1e-12 && count < LargestCount)
            {
                probability *= steps.Ratio(count++);
                cumulative += probability;
            }

            quantiles[i] = count;
        }
    }
}
