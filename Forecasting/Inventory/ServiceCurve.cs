namespace Shabou.Forecasting;

/// <summary>What an order-up-to level brings and costs.</summary>
/// <param name="OrderUpTo">Units.</param>
/// <param name="CycleService">P(demand until the next arrival &lt;= level).</param>
/// <param name="FillRate">Share of demanded units served at once, 0 to 1; 1 without demand.</param>
/// <param name="ExpectedStock">Units on hand just before an order arrives: the level less demand, never below zero.</param>
/// <param name="StockValue">The same in money.</param>
public readonly record struct ServicePoint(double OrderUpTo, double CycleService, double FillRate, double ExpectedStock, double StockValue);

/// <summary>Service against stock: what a planner chooses from.</summary>
public static class ServiceCurve
{
    /// <summary>Cycle service levels of the curve, ascending.</summary>
    public static ReadOnlySpan<double> Levels => [.5, .6, .7, .8, .85, .9, .925, .95, .97, .98, .99, .995, .999];

    /// <summary>One point per level of <see cref="Levels"/>; levels of rare demand that need the same whole units repeat.</summary>
    /// <param name="demand">Over lead time plus review.</param>
    /// <param name="reviewDemand">Expected units of one review period.</param>
    /// <param name="unitValue">Value of a unit, 0 or more.</param>
    public static ServicePoint[] Of(IDemandDistribution demand, double reviewDemand, double unitValue)
    {
        var points = new ServicePoint[Levels.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = At(demand, Math.Ceiling(demand.Quantile(Levels[i]) - 1e-6), reviewDemand, unitValue);
        return points;
    }

    /// <summary>The point of one level; the formulas are those of <see cref="StockTarget.FillRate"/>.</summary>
    public static ServicePoint At(IDemandDistribution demand, double orderUpTo, double reviewDemand, double unitValue)
    {
        var shortage = demand.Shortage(orderUpTo);
        var stock = Math.Max(0, orderUpTo - demand.Mean + shortage);
        return new(orderUpTo, demand.Cdf(orderUpTo), reviewDemand > 0 ? Math.Clamp(1 - shortage / reviewDemand, 0, 1) : 1, stock, stock * unitValue);
    }
}
