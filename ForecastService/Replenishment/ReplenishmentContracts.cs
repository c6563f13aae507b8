namespace Shabou.ForecastService.Replenishment;

/// <summary>What to order of one part for one warehouse.</summary>
/// <param name="Warehouse">Slug; empty: a part without any stock row is ordered for an unnamed warehouse that has nothing.</param>
/// <param name="OnHand">Units on the shelf, reserved ones included.</param>
/// <param name="Reserved">Units that are promised.</param>
/// <param name="OnOrder">Units ordered and not yet arrived, as planned.</param>
/// <param name="Position">onHand + onOrder - reserved.</param>
/// <param name="ProtectionPeriods">Periods that an order must last for: lead time and review.</param>
/// <param name="Forecast">Units expected over them, with the planner's overrides.</param>
/// <param name="SafetyStock">Reorder point less forecast; negative when the target allows more shortage than the mean leaves.</param>
/// <param name="ReorderPoint">A position below it is ordered for.</param>
/// <param name="OrderUpTo">What an order brings the position to at least.</param>
/// <param name="ProposedOrder">Whole packs, at least the minimum; 0: nothing.</param>
/// <param name="UnitValue">Unit cost of the plan, else the catalog's price; null: unknown, and counted as 1.</param>
/// <param name="Currency">Of unitValue and moneyAtRisk.</param>
/// <param name="ExpectedShortage">Units expected to be lacking until the next order arrives if nothing is ordered now.</param>
/// <param name="MoneyAtRisk">The same in money: what the list is ordered by.</param>
/// <param name="Reason">The figures in a sentence.</param>
public sealed record ReplenishmentLine(
    string Sku, string Warehouse, int OnHand, int Reserved, double OnOrder, double Position, int ProtectionPeriods, double Forecast,
    double SafetyStock, double ReorderPoint, double OrderUpTo, double ProposedOrder, decimal? UnitValue, string Currency,
    double ExpectedShortage, double MoneyAtRisk, string Reason);

/// <summary>What to order of one part.</summary>
/// <param name="ModelVersion">Whose forecast it is, see /api/v1/models.</param>
/// <param name="Warehouses">In order of their slugs.</param>
public sealed record ReplenishmentOfPart(string Sku, string ModelVersion, IReadOnlyList<ReplenishmentLine> Warehouses);

/// <summary>Service against stock.</summary>
/// <param name="Warehouse">Slug; null: all of them together.</param>
/// <param name="ProtectionPeriods">Periods that an order must last for.</param>
/// <param name="Forecast">Units expected over them.</param>
/// <param name="Currency">Of the stock's value.</param>
/// <param name="Points">Ascending.</param>
public sealed record ReplenishmentCurve(
    string Sku, string? Warehouse, int ProtectionPeriods, double Forecast, string Currency, IReadOnlyList<ReplenishmentCurvePoint> Points);

/// <param name="OrderUpTo">Units.</param>
/// <param name="CycleService">Share of order cycles without a shortage.</param>
/// <param name="FillRate">Share of units served from stock.</param>
/// <param name="ExpectedStock">Units on the shelf just before an order arrives.</param>
/// <param name="StockValue">The same in money.</param>
public sealed record ReplenishmentCurvePoint(double OrderUpTo, double CycleService, double FillRate, double ExpectedStock, double StockValue);
