namespace Shabou.Forecasting;

/// <summary>Demand of some interval as a distribution over units, 0 or more. Immutable; every answer is finite.</summary>
public interface IDemandDistribution
{
    /// <summary>Expected units.</summary>
    double Mean { get; }

    /// <summary>Variance, squared units.</summary>
    double Variance { get; }

    /// <summary>P(demand &lt;= units), 0 below zero units.</summary>
    double Cdf(double units);

    /// <summary>The smallest number of units that is enough with the given probability.</summary>
    /// <param name="level">In [0, 1]; above 1 - 1e-9 it counts as that, so that stock stays finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is outside [0, 1] or not a number.</exception>
    double Quantile(double level);

    /// <summary>E[(demand - stock)+]: units that a stock is expected to lack; falls with the stock, mean - stock where that is 0 or less.</summary>
    double Shortage(double stock);

    /// <summary>The demand of several such intervals that are independent of each other.</summary>
    /// <param name="intervals">At least 1; need not be whole where the family allows a part of an interval.</param>
    IDemandDistribution Sum(double intervals);
}

/// <summary>What the distributions share.</summary>
internal static class DemandLevel
{
    public const double Highest = 1 - 1e-9;

    public static double Of(double level) =>
        level is >= 0 and <= 1 ? Math.Min(level, Highest) : throw new ArgumentOutOfRangeException(nameof(level), level, "A level is a probability, 0 to 1.");

    /// <summary>Moments that a distribution can be made from: a mean or variance that is negative or not finite is a mistake of the caller.</summary>
    public static double Moment(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Must be finite and 0 or more.");
}
