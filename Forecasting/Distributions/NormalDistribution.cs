namespace Shabou.Forecasting;

/// <summary>The standard normal distribution's quantile function.</summary>
public static class NormalDistribution
{
    /// <summary>The z with P(Z &lt;= z) = level.</summary>
    /// <remarks>Bisection on the distribution function, which is a series here (Marsaglia 2004): slow, exact to about 1e-13, and only
    /// called once per level.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not in [1e-9, 1 - 1e-9].</exception>
    public static double Quantile(double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1e-9);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 1 - 1e-9);
        double low = -6.5, high = 6.5;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle) < level) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>P(Z &lt;= z) = 1/2 + phi(z) (z + z^3/3 + z^5/(3 5) + ...), for |z| up to about 7.</summary>
    public static double Cumulative(double z)
    {
        double sum = z, previous = 0, term = z;
        for (var i = 3; sum != previous; i += 2)
        {
            previous = sum;
            term *= z * z / i;
            sum += term;
        }

        return 0.5 + sum * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
    }
}
