using System.ComponentModel.DataAnnotations;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Planning;

/// <summary>How a part is to be ordered. What is left out or null comes from the part's plan for all warehouses, then from the service's options.</summary>
/// <param name="LeadTimeDays">From an order to its arrival.</param>
/// <param name="ReviewDays">Between two orders.</param>
/// <param name="Target">cycleService: order cycles without a stock-out; fillRate: units served from stock; costs: least cost of holding and shortage.</param>
/// <param name="ServiceLevel">Between 0 and 1; of cycleService and fillRate.</param>
/// <param name="HoldingCost">Dinars per unit left over in an order cycle, more than 0; needed with the target costs.</param>
/// <param name="ShortageCost">Dinars per unit lacking in an order cycle; needed with the target costs.</param>
/// <param name="PackSize">Orders are multiples of it, units.</param>
/// <param name="MinimumOrder">Smallest order, units.</param>
/// <param name="UnitCost">What a unit costs the shop, dinars; left out: the catalog's price.</param>
/// <param name="OnOrder">Units ordered and not yet arrived; without a warehouse they are divided as the demand is.</param>
/// <param name="DemandShare">Share of the part's demand that this warehouse serves, 0 to 1; only with a warehouse.</param>
/// <param name="Discontinued">No demand is expected any more; only without a warehouse.</param>
public sealed record PlanningWrite(
    [property: Range(0, 3650)] int? LeadTimeDays = null,
    [property: Range(1, 3650)] int? ReviewDays = null,
    OrderTarget? Target = null,
    [property: Range(0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)] double? ServiceLevel = null,
    [property: Range(0, 1e9, MinimumIsExclusive = true)] double? HoldingCost = null,
    [property: Range(0, 1e9)] double? ShortageCost = null,
    [property: Range(1, 1_000_000_000)] int? PackSize = null,
    [property: Range(0, 1_000_000_000)] int? MinimumOrder = null,
    [property: Range(0, 1e9)] decimal? UnitCost = null,
    [property: Range(0, 1_000_000_000)] int? OnOrder = null,
    [property: Range(0, 1)] double? DemandShare = null,
    bool? Discontinued = null)
{
    /// <summary>What is wrong across members, by member; empty when all is right.</summary>
    internal Dictionary<string, string[]> Contradictions(bool ofWarehouse)
    {
        var wrong = new Dictionary<string, string[]>();
        if (Target == OrderTarget.Costs && (HoldingCost is null || ShortageCost is null)) wrong["target"] = ["costs needs holdingCost and shortageCost beside it."];
        if (!ofWarehouse && DemandShare is not null) wrong["demandShare"] = ["is of one warehouse; name it with ?warehouse=."];
        if (ofWarehouse && Discontinued is not null) wrong["discontinued"] = ["is of the part in all warehouses; leave ?warehouse= out."];
        if (UnitCost is { } cost && decimal.Round(cost, 3) != cost) wrong["unitCost"] = ["may have three decimals; a dinar has 1,000 millimes."];
        return wrong;
    }

    internal void Fill(PlanningParameters row)
    {
        (row.LeadTimeDays, row.ReviewDays, row.Target, row.ServiceLevel) = (LeadTimeDays, ReviewDays, Target, ServiceLevel);
        (row.HoldingCost, row.ShortageCost, row.PackSize, row.MinimumOrder) = (HoldingCost, ShortageCost, PackSize, MinimumOrder);
        (row.UnitCost, row.OnOrder, row.DemandShare, row.Discontinued) = (UnitCost, OnOrder, DemandShare, Discontinued);
    }

    internal static PlanningWrite Of(PlanningParameters row) => new(
        row.LeadTimeDays, row.ReviewDays, row.Target, row.ServiceLevel, row.HoldingCost, row.ShortageCost,
        row.PackSize, row.MinimumOrder, row.UnitCost, row.OnOrder, row.DemandShare, row.Discontinued);
}

/// <summary>How a part is ordered.</summary>
/// <param name="Warehouse">Slug; null: all of them.</param>
/// <param name="Set">What was said for exactly this part and warehouse.</param>
/// <param name="Effective">What counts, with the part's plan and the options where nothing was said.</param>
/// <param name="ChangedBy">Null when nothing was said.</param>
public sealed record PlanningView(string Sku, string? Warehouse, PlanningWrite Set, OrderPlan Effective, string? ChangedBy, DateTimeOffset? UpdatedAt);

/// <summary>What a bulk upload did.</summary>
/// <param name="Rows">Plans it named.</param>
/// <param name="Inserted">Of those, new ones.</param>
/// <param name="Updated">Of those, changed ones. The rest was the same already.</param>
public sealed record PlanningImported(int Rows, long Inserted, long Updated);
