using System.Globalization;
using Shabou.ForecastService.Planning;
using Shabou.Forecasting;
using Shabou.Schema;

namespace Shabou.ForecastService.Replenishment;

/// <summary>What to order of one part, warehouse by warehouse: a pure function of its facts.</summary>
internal static class ProposeOrders
{
    /// <param name="part">Its facts.</param>
    /// <param name="options">What counts where nobody has planned.</param>
    /// <param name="serviceLevel">In the place of every plan's own; null: as planned.</param>
    /// <returns>One line per warehouse, in order of its name.</returns>
    public static ReplenishmentLine[] Of(PartToOrder part, PlanningOptions options, double? serviceLevel)
    {
        var shelves = part.ShelvesToFill();
        var shares = part.Shares(shelves);
        var lines = new ReplenishmentLine[shelves.Length];
        for (var i = 0; i < lines.Length; i++) lines[i] = Of(part, shelves[i], shares[i], PlanFor(part, shelves[i].Warehouse, options, serviceLevel));
        return lines;
    }

    /// <summary>The service-versus-stock curve of a part, of all warehouses together or of one.</summary>
    /// <returns>Null when the part is not ordered for this warehouse.</returns>
    public static ReplenishmentCurve? CurveOf(PartToOrder part, string? warehouse, PlanningOptions options)
    {
        var share = 1.0;
        if (warehouse is not null)
        {
            var shelves = part.ShelvesToFill();
            var place = Array.FindIndex(shelves, s => s.Warehouse == warehouse);
            if (place < 0) return null;
            share = part.Shares(shelves)[place];
        }

        var plan = PlanFor(part, warehouse ?? "", options, serviceLevel: null);
        var demand = PlannedDemand.Of(part, plan.ProtectionPeriods(part.Frequency), share);
        var points = ServiceCurve.Of(demand, demand.Mean * plan.ReviewShare, Value(part, plan) ?? UnknownValue);
        return new ReplenishmentCurve(part.Sku, warehouse, plan.ProtectionPeriods(part.Frequency), demand.Mean, Money.Dinar,
            [.. points.Select(p => new ReplenishmentCurvePoint(p.OrderUpTo, p.CycleService, p.FillRate, p.ExpectedStock, p.StockValue))]);
    }

    /// <summary>A part without a price is ranked by units: each counts as a dinar.</summary>
    private const double UnknownValue = 1;

    private static OrderPlan PlanFor(PartToOrder part, string warehouse, PlanningOptions options, double? serviceLevel)
    {
        var plan = OrderPlan.Of(options, part.Plan, warehouse.Length > 0 ? part.PlanOf(warehouse) : null);
        return serviceLevel is { } level ? plan.At(level) : plan;
    }

    private static double? Value(PartToOrder part, OrderPlan plan) => (double?)(plan.UnitCost ?? part.Price);

    private static ReplenishmentLine Of(PartToOrder part, Shelf shelf, double share, OrderPlan plan)
    {
        var periods = plan.ProtectionPeriods(part.Frequency);
        var demand = PlannedDemand.Of(part, periods, share);
        var onOrder = (shelf.Warehouse.Length > 0 ? part.PlanOf(shelf.Warehouse)?.OnOrder : null) ?? (part.Plan?.OnOrder ?? 0) * share;
        var proposal = Forecasting.Replenishment.Replenish(new ReplenishmentRequest(demand, new StockPosition(shelf.OnHand, onOrder, shelf.Reserved), plan.StockTarget)
        {
            ReviewShare = plan.ReviewShare,
            Rules = new OrderRules(plan.PackSize, plan.MinimumOrder),
            UnitValue = Value(part, plan) ?? UnknownValue,
        });
        return new ReplenishmentLine(part.Sku, shelf.Warehouse, shelf.OnHand, shelf.Reserved, onOrder, proposal.Position, periods, demand.Mean,
            proposal.SafetyStock, proposal.ReorderPoint, proposal.OrderUpTo, proposal.Order, plan.UnitCost ?? part.Price, Money.Dinar,
            proposal.ExpectedShortage, proposal.MoneyAtRisk, Remarks(part, share) + proposal.Reason);
    }

    private static string Remarks(PartToOrder part, double share)
    {
        var discontinued = part.IsDiscontinued ? "The part is discontinued. " : "";
        return share < 1 ? string.Create(CultureInfo.InvariantCulture, $"{discontinued}This warehouse serves {share * 100:0.#} % of the demand. ") : discontinued;
    }
}
