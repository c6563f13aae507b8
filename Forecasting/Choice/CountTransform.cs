namespace Shabou.Forecasting;

/// <summary>The negative binomial's distribution function, in the same parametrisation and lots as <see cref="NegativeBinomial"/>.</summary>
internal static class CountTransform
{
    private const double LargestMean = 200;
    private const int LargestCount = 100_000;

    /// <summary>P(demand &lt; y) and P(demand &lt;= y).</summary>
    public static (double Below, double UpTo) Cumulative(double mean, double variance, double y)
    {
        if (!(mean > 0)) return y > 0 ? (1, 1) : (0, 1);
        var lot = Math.Max(1, mean / LargestMean);
        var (m, v) = (mean / lot, variance / (lot * lot));
        var poisson = !(v > m * (1 + 1e-9));
        var size = poisson ? 0 : m * m / (v - m);
        var failure = poisson ? 0 : m / (size + m);
        var probability = poisson ? Math.Exp(-m) : Math.Exp(size * Math.Log(size / (size + m)));
        double below = 0, upTo = probability;
        var last = Math.Min(LargestCount, Math.Floor(Math.Max(0, y) / lot + 1e-9));
        for (var count = 0; count < last; count++)
        {
            probability *= (poisson ? m : (count + size) * failure) / (count + 1);
            below = upTo;
            upTo += probability;
            if (probability < 1e-18 && count > m) break;
        }

        return (Math.Min(1, below), Math.Min(1, upTo));
    }

    /// <summary>The probability integral transform made continuous: a point between both, where <paramref name="share"/> (0 to 1) says. Uniform when the
    /// distribution is right (Smith 1985; Czado, Gneiting &amp; Held 2009).</summary>
    public static double Transform(double mean, double variance, double y, double share)
    {
        var (below, upTo) = Cumulative(mean, variance, y);
        return below + share * (upTo - below);
    }
}
