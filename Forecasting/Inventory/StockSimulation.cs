namespace Shabou.Forecasting;

/// <summary>The world a policy is tried in.</summary>
public sealed record SimulationRules
{
    /// <summary>Periods from an order to its arrival, 0 or more; see <see cref="StockLedger"/>. Default 1.</summary>
    public int LeadTime { get; init; } = 1;

    /// <summary>Periods between reviews, 1 or more; the first period is one. Default 1.</summary>
    public int Review { get; init; } = 1;

    /// <summary>Lost sales instead of backorders. Default false.</summary>
    public bool LostSales { get; init; }

    /// <summary>Units on hand before the first period. Default: the first order-up-to level.</summary>
    public double? Opening { get; init; }

    /// <summary>Cost of a unit on hand at a period's end. Default 0.</summary>
    public double Holding { get; init; }

    /// <summary>Cost of a unit lost, or of a unit owed at a period's end. Default 0.</summary>
    public double Shortage { get; init; }

    /// <summary>Cost of placing an order. Default 0.</summary>
    public double PerOrder { get; init; }

    /// <summary>How orders are rounded. Default: not at all (order-up-to levels decide).</summary>
    public OrderRules? Orders { get; init; }
}

/// <summary>How a policy did. Sums over all periods, units unless said otherwise; sums of several SKUs add up.</summary>
/// <param name="Demand">Units wanted.</param>
/// <param name="Missed">Units not served at once.</param>
/// <param name="Ordered">Units ordered.</param>
/// <param name="Orders">Orders placed.</param>
/// <param name="ClosingStock">On hand at the end.</param>
/// <param name="InTransit">On the way at the end.</param>
/// <param name="Backorders">Owed at the end.</param>
/// <param name="StockSum">On hand at the periods' ends, added up.</param>
/// <param name="Periods">Periods with known demand.</param>
/// <param name="FullPeriods">Periods in which nothing was missed.</param>
/// <param name="Cost">Money.</param>
public readonly record struct SimulationResult(double Demand, double Missed, double Ordered, int Orders, double ClosingStock, double InTransit,
    double Backorders, double StockSum, int Periods, int FullPeriods, double Cost)
{
    /// <summary>Share of units served at once; 1 without demand.</summary>
    public double FillRate => Demand > 0 ? 1 - Missed / Demand : 1;

    /// <summary>Share of periods in which nothing was missed; 1 without periods.</summary>
    public double CycleService => Periods > 0 ? (double)FullPeriods / Periods : 1;

    /// <summary>Mean units on hand at a period's end.</summary>
    public double MeanStock => Periods > 0 ? StockSum / Periods : 0;
}

/// <summary>Plays a policy on a demand history. Pure and deterministic; a million periods take some ten milliseconds.</summary>
public static class StockSimulation
{
    /// <summary>Plays (R, s, S): at a review a position below s is brought to S; with s = S, which is the default, every review orders up to S.</summary>
    /// <param name="demand">Units per period; negative counts as 0. A missing period (NaN) sells nothing, costs nothing and is not counted.</param>
    /// <param name="orderUpTo">S per period: what was known at its start must be all it was made from.</param>
    /// <param name="rules">The world.</param>
    /// <param name="reorderPoint">s per period; empty for s = S.</param>
    /// <exception cref="ArgumentException">Not as many levels as periods.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative lead time or a review time below 1.</exception>
    public static SimulationResult Run(ReadOnlySpan<double> demand, ReadOnlySpan<double> orderUpTo, SimulationRules rules, ReadOnlySpan<double> reorderPoint = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rules.LeadTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(rules.Review, 1);
        if (orderUpTo.Length != demand.Length || (reorderPoint.Length > 0 && reorderPoint.Length != demand.Length))
            throw new ArgumentException("Each period needs its level.", nameof(orderUpTo));
        if (demand.Length == 0) return default;

        var ledger = new StockLedger(rules.LeadTime, rules.Opening ?? Math.Max(0, orderUpTo[0]), rules.LostSales);
        double wanted = 0, missed = 0, ordered = 0, stock = 0, cost = 0;
        int orders = 0, periods = 0, full = 0;
        for (var t = 0; t < demand.Length; t++)
        {
            ledger.Receive();
            if (t % rules.Review == 0 && ledger.Position < (reorderPoint.Length > 0 ? reorderPoint[t] : orderUpTo[t]))
            {
                var units = Math.Max(0, orderUpTo[t] - ledger.Position);
                if (rules.Orders is { } packs) units = packs.Order(units);
                if (units > 0)
                {
                    ledger.Order(units);
                    (ordered, orders, cost) = (ordered + units, orders + 1, cost + rules.PerOrder);
                }
            }

            var known = !double.IsNaN(demand[t]);
            var wants = known ? Math.Max(0, demand[t]) : 0;
            var lacking = ledger.Sell(wants);
            if (!known) continue;
            (periods, wanted, missed, stock) = (periods + 1, wanted + wants, missed + lacking, stock + ledger.OnHand);
            if (lacking <= 0) full++;
            cost += rules.Holding * ledger.OnHand + rules.Shortage * (rules.LostSales ? lacking : ledger.Backorders);
        }

        return new(wanted, missed, ordered, orders, ledger.OnHand, ledger.InTransit, ledger.Backorders, stock, periods, full, cost);
    }
}
