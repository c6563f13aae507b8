using MathNet.Numerics;

namespace Shabou.Forecasting;

/// <summary>Gamma demand: continuous, right-skewed; for large or fractional quantities.</summary>
/// <remarks>Shape = mean^2 / variance, scale = variance / mean (Burgin 1975, The gamma distribution and inventory control). A shape above
/// 10,000 is answered by Wilson &amp; Hilferty 1931's cube-root normal, which is then right to about 1e-6; without variance demand is certain.</remarks>
public sealed class GammaDemand : IDemandDistribution
{
    private const double LargestShape = 10_000;
    private const double SmallestShape = 1e-6;
    private readonly double _shape;
    private readonly double _scale;

    /// <param name="mean">Expected units, 0 or more.</param>
    /// <param name="variance">Squared units, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public GammaDemand(double mean, double variance)
    {
        Mean = DemandLevel.Moment(mean, nameof(mean));
        Variance = mean > 0 ? DemandLevel.Moment(variance, nameof(variance)) : 0;
        // So small a shape means that demand is all but impossible; the special functions want it no smaller.
        _shape = Variance > 0 ? Math.Max(SmallestShape, mean / (variance / mean)) : double.PositiveInfinity;
        _scale = mean / _shape;
    }

    public double Mean { get; }

    public double Variance { get; }

    private bool IsCertain => !(_shape < 1e18);

    public double Cdf(double units) => Lower(_shape, units);

    public double Quantile(double level)
    {
        level = DemandLevel.Of(level);
        if (level == 0) return 0;
        if (IsCertain) return Mean;
        // Bracketed by doubling, then halved on the distribution function: no start or step can fail.
        double low = 0, high = Math.Max(Mean, _scale);
        while (Cdf(high) < level) (low, high) = (high, 2 * high);
        for (var i = 0; i < 200 && high - low > 1e-13 * high; i++)
        {
            var middle = low + (high - low) / 2;
            if (Cdf(middle) < level) low = middle;
            else high = middle;
        }

        return high;
    }

    public double Shortage(double stock)
    {
        if (stock <= 0) return Mean - stock;
        if (IsCertain) return Math.Max(0, Mean - stock);
        // E[D; D > s] = mean P(gamma(shape + 1) > s)
        return Math.Max(0, Mean * (1 - Lower(_shape + 1, stock)) - stock * (1 - Lower(_shape, stock)));
    }

    /// <summary>Shapes add up at one scale.</summary>
    public IDemandDistribution Sum(double intervals) => new GammaDemand(Mean * intervals, Variance * intervals);

    private double Lower(double shape, double units)
    {
        if (units <= 0) return 0;
        if (IsCertain) return units >= Mean ? 1 : 0;
        var x = units / _scale;
        if (shape > LargestShape)
            return NormalDistribution.Cumulative((Math.Cbrt(x / shape) - 1 + 1 / (9 * shape)) * 3 * Math.Sqrt(shape));
        return x > 1e6 ? 1 : SpecialFunctions.GammaLowerRegularized(shape, x);
    }
}
