using Shabou.ForecastService.Demand;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Replenishment;

/// <summary>What lies in a warehouse.</summary>
/// <param name="Warehouse">Slug; empty: the unnamed one of a part that nobody has counted.</param>
internal readonly record struct Shelf(string Warehouse, int OnHand, int Reserved);

/// <summary>Everything that decides what to order of one part.</summary>
/// <param name="FirstPeriod">Number of the first step's period, see <see cref="Periods"/>.</param>
/// <param name="Mean">The statistical forecast per step.</param>
/// <param name="Protection">As trained: demand over lead time and review.</param>
/// <param name="Price">The catalog's, dinars; null when the catalog does not know the part.</param>
/// <param name="IsDeleted">The catalog has deleted the part since.</param>
/// <param name="Shelves">In order of warehouse; may be empty.</param>
/// <param name="Plans">What was said about the part and its warehouses.</param>
/// <param name="Overrides">The planner's quantities by number of period.</param>
internal sealed record PartToOrder(
    string Sku, char Frequency, int FirstPeriod, double[] Mean, ProtectionDemand Protection, decimal? Price, bool IsDeleted,
    IReadOnlyList<Shelf> Shelves, IReadOnlyList<PlanningParameters> Plans, IReadOnlyDictionary<int, double> Overrides)
{
    public PlanningParameters? Plan => PlanOf("");

    public bool IsDiscontinued => IsDeleted || Plan?.Discontinued == true;

    public PlanningParameters? PlanOf(string warehouse)
    {
        foreach (var plan in Plans)
            if (plan.Warehouse == warehouse) return plan;
        return null;
    }

    /// <summary>The warehouses that a part is ordered for: those that have a shelf for it, or whose plan gives them a share of the demand or has
    /// units on their way; else the unnamed one.</summary>
    public Shelf[] ShelvesToFill()
    {
        var all = Shelves.Concat(Plans.Where(p => p.Warehouse.Length > 0 && (p.DemandShare > 0 || p.OnOrder > 0) && Shelves.All(s => s.Warehouse != p.Warehouse)).Select(p => new Shelf(p.Warehouse, 0, 0)))
            .OrderBy(s => s.Warehouse, StringComparer.Ordinal).ToArray();
        return all.Length > 0 ? all : [new Shelf("", 0, 0)];
    }

    /// <summary>What share of the part's demand each warehouse serves: history does not say, so those that planners have given, and equal parts of
    /// the rest for the others. They add up to 1.</summary>
    public double[] Shares(ReadOnlySpan<Shelf> shelves)
    {
        var shares = new double[shelves.Length];
        var (given, open) = (0.0, 0);
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = PlanOf(shelves[i].Warehouse)?.DemandShare ?? double.NaN;
            if (double.IsNaN(shares[i])) open++;
            else given += shares[i];
        }

        var rest = open > 0 ? Math.Max(0, 1 - given) / open : 0;
        var total = given + rest * open;
        for (var i = 0; i < shares.Length; i++)
            shares[i] = total > 0 ? (double.IsNaN(shares[i]) ? rest : shares[i]) / total : 1.0 / shares.Length;
        return shares;
    }
}
