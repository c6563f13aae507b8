using MathNet.Numerics;

namespace Shabou.Forecasting;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    private static readonly double s_density0 = 1 / Math.Sqrt(2 * Math.PI);

    /// <summary>The z with P(Z &lt;= z) = level, exact to about 1e-13.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not in [1e-9, 1 - 1e-9].</exception>
    public static double Quantile(double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1e-9);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 1 - 1e-9);
        var z = -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * level);
        return z - (Cumulative(z) - level) / Density(z); // a Newton step mends the last digits of the inverse
    }

    /// <summary>P(Z &lt;= z), with full relative precision in both tails.</summary>
    public static double Cumulative(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));

    /// <summary>phi(z) = exp(-z^2/2) / sqrt(2 pi).</summary>
    public static double Density(double z) => s_density0 * Math.Exp(-0.5 * z * z);
}
