using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Planning;

/// <summary>How a part is ordered in a warehouse, every value decided: the warehouse's own, else the part's, else the option.</summary>
/// <param name="LeadTimeDays">From an order to its arrival.</param>
/// <param name="ReviewDays">Between two orders.</param>
/// <param name="Target">What stock is for.</param>
/// <param name="ServiceLevel">Of the targets cycleService and fillRate.</param>
/// <param name="HoldingCost">Of the target costs, dinars per unit left over in an order cycle.</param>
/// <param name="ShortageCost">Of the target costs, dinars per unit lacking in an order cycle.</param>
/// <param name="PackSize">Orders are multiples of it, units.</param>
/// <param name="MinimumOrder">Units.</param>
/// <param name="UnitCost">Dinars; null: the catalog's price.</param>
public sealed record OrderPlan(
    int LeadTimeDays, int ReviewDays, OrderTarget Target, double ServiceLevel, double HoldingCost, double ShortageCost, int PackSize, int MinimumOrder, decimal? UnitCost)
{
    internal static OrderPlan Of(PlanningOptions options, PlanningParameters? part, PlanningParameters? warehouse) => new(
        warehouse?.LeadTimeDays ?? part?.LeadTimeDays ?? (int)options.LeadTime.TotalDays,
        warehouse?.ReviewDays ?? part?.ReviewDays ?? (int)options.Review.TotalDays,
        warehouse?.Target ?? part?.Target ?? options.Target,
        warehouse?.ServiceLevel ?? part?.ServiceLevel ?? options.ServiceLevel,
        warehouse?.HoldingCost ?? part?.HoldingCost ?? options.HoldingCost,
        warehouse?.ShortageCost ?? part?.ShortageCost ?? options.ShortageCost,
        warehouse?.PackSize ?? part?.PackSize ?? options.PackSize,
        warehouse?.MinimumOrder ?? part?.MinimumOrder ?? options.MinimumOrder,
        warehouse?.UnitCost ?? part?.UnitCost);

    /// <summary>Periods that an order must last for: lead time and review, in whole periods of this frequency, at least 1.</summary>
    internal int ProtectionPeriods(char frequency) => Math.Max(1, (int)Math.Ceiling((LeadTimeDays + ReviewDays) / DaysPerPeriod(frequency) - 1e-9));

    /// <summary>Share of the protection interval that is one order cycle's.</summary>
    internal double ReviewShare => (double)ReviewDays / (LeadTimeDays + ReviewDays);

    internal StockTarget StockTarget => Target switch
    {
        OrderTarget.FillRate => new StockTarget.FillRate(ServiceLevel),
        OrderTarget.Costs => new StockTarget.Costs(HoldingCost, ShortageCost),
        _ => new StockTarget.CycleService(ServiceLevel),
    };

    /// <summary>The same plan at another level; a part planned by costs is then planned by cycle service.</summary>
    internal OrderPlan At(double serviceLevel) => this with { ServiceLevel = serviceLevel, Target = Target == OrderTarget.Costs ? OrderTarget.CycleService : Target };

    // Mean lengths in the Gregorian calendar. Periods without a calendar (O) count as months.
    private static double DaysPerPeriod(char frequency) => frequency switch { 'Y' => 365.2425, 'Q' => 91.310625, 'W' => 7, 'D' => 1, _ => 30.436875 };
}
