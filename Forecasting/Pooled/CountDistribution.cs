namespace Shabou.Forecasting;

/// <summary>A distribution of counted demand, given by its mean and variance: negative binomial, or Poisson where the variance is not
/// above the mean.</summary>
/// <param name="Mean">Units, 0 or more and finite.</param>
/// <param name="Variance">Squared units.</param>
/// <remarks>Snyder, Ord &amp; Beaumont 2012 for the negative binomial on slow-moving items.</remarks>
public readonly record struct CountDistribution(double Mean, double Variance)
{
    /// <summary>The smallest count that demand does not exceed with this probability.</summary>
    /// <param name="level">Inside (0, 1).</param>
    public double Quantile(double level)
    {
        Span<double> quantile = stackalloc double[1];
        Quantiles([level], quantile);
        return quantile[0];
    }

    /// <summary>Writes one quantile a level.</summary>
    /// <param name="levels">Ascending, inside (0, 1).</param>
    /// <param name="quantiles">As many as levels.</param>
    public void Quantiles(ReadOnlySpan<double> levels, Span<double> quantiles) =>
        NegativeBinomial.Quantiles(Mean, Variance, levels, quantiles);
}
