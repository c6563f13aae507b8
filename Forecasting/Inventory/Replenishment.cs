using System.Globalization;

namespace Shabou.Forecasting;

/// <summary>What one SKU in one warehouse needs: the question.</summary>
/// <param name="Demand">Over lead time plus review (<see cref="ProtectionDemand.ToDistribution"/>).</param>
/// <param name="Position">What there is.</param>
/// <param name="Target">What stock is for.</param>
public sealed record ReplenishmentRequest(IDemandDistribution Demand, StockPosition Position, StockTarget Target)
{
    /// <summary>Review time / (lead time + review time), in (0, 1]: the share of <see cref="Demand"/> that is one cycle's. Default 1/2.</summary>
    public double ReviewShare { get; init; } = 0.5;

    /// <summary>How the supplier sells. Default: unit by unit.</summary>
    public OrderRules Rules { get; init; } = OrderRules.UnitByUnit;

    /// <summary>Value of a unit, any one currency. Default 1.</summary>
    public double UnitValue { get; init; } = 1;

    /// <summary>Whether stock is counted in whole units. Default true.</summary>
    public bool WholeUnits { get; init; } = true;
}

/// <summary>The answer: units, unless said otherwise; every number is finite.</summary>
/// <param name="SafetyStock">Reorder point less expected demand; negative when the target allows more shortage than the mean leaves.</param>
/// <param name="ReorderPoint">A position below it is ordered for; it meets the target exactly until the next order arrives.</param>
/// <param name="OrderUpTo">What an order brings the position to at least: the reorder point plus <see cref="OrderRules.Cover"/>.</param>
/// <param name="Order">Proposed now, whole packs; 0 when the position reaches the reorder point.</param>
/// <param name="Position">The inventory position it was decided from.</param>
/// <param name="ExpectedShortage">Units expected to be lacking until the next order arrives if nothing is ordered now.</param>
/// <param name="MoneyAtRisk">The same in money.</param>
/// <param name="Service">What the position reaches together with the order.</param>
/// <param name="Reason">One sentence with the figures.</param>
public sealed record ReplenishmentProposal(double SafetyStock, double ReorderPoint, double OrderUpTo, double Order, double Position,
    double ExpectedShortage, double MoneyAtRisk, ServicePoint Service, string Reason);

/// <summary>Periodic review, order up to: the (R, s, nQ) policy of Silver, Pyke &amp; Thomas 2017, ch. 7. Pure.</summary>
public static class Replenishment
{
    /// <summary>Decides one SKU in one warehouse.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A target, share, pack size, minimum or value out of its range, or a position that is not finite.</exception>
    public static ReplenishmentProposal Replenish(ReplenishmentRequest request)
    {
        Check(request);
        var (demand, position, rules) = (request.Demand, request.Position.Units, request.Rules);
        var reviewDemand = demand.Mean * request.ReviewShare;
        var level = request.Target.Level(demand, reviewDemand);
        var reorder = request.WholeUnits ? Math.Ceiling(level - 1e-6) : level;
        var upTo = reorder + rules.Cover;
        var order = position < reorder ? rules.Order(upTo - position) : 0;
        var shortage = demand.Shortage(position);
        return new(reorder - demand.Mean, reorder, upTo, order, position, shortage, shortage * request.UnitValue,
            ServiceCurve.At(demand, position + order, reviewDemand, request.UnitValue), Explain(request, reorder, upTo, order));
    }

    private static void Check(ReplenishmentRequest request)
    {
        if (request.ReviewShare is not (> 0 and <= 1)) throw Wrong(nameof(request.ReviewShare), request.ReviewShare, "in (0, 1]");
        if (!(request.Rules.PackSize > 0 && double.IsFinite(request.Rules.PackSize))) throw Wrong(nameof(request.Rules.PackSize), request.Rules.PackSize, "more than 0");
        if (!(request.Rules.MinimumOrder >= 0 && double.IsFinite(request.Rules.MinimumOrder))) throw Wrong(nameof(request.Rules.MinimumOrder), request.Rules.MinimumOrder, "0 or more");
        if (!(request.Rules.Cover >= 0 && double.IsFinite(request.Rules.Cover))) throw Wrong(nameof(request.Rules.Cover), request.Rules.Cover, "0 or more");
        if (!(request.UnitValue >= 0 && double.IsFinite(request.UnitValue))) throw Wrong(nameof(request.UnitValue), request.UnitValue, "0 or more");
        if (!double.IsFinite(request.Position.Units)) throw Wrong(nameof(request.Position), request.Position.Units, "finite");

        static ArgumentOutOfRangeException Wrong(string name, double value, string range) => new(name, value, $"{name} must be {range}.");
    }

    private static string Explain(ReplenishmentRequest request, double reorder, double upTo, double order)
    {
        var (position, rules) = (request.Position, request.Rules);
        var needed = upTo - position.Units;
        var packs = order > 0 && rules.PackSize != 1 ? Say($" ({order / rules.PackSize:0} packs of {rules.PackSize:0.##})") : "";
        var raised = order > 0 && rules.MinimumOrder > needed ? Say($"; {needed:0.##} are needed, the minimum order is {rules.MinimumOrder:0.##}") : "";
        var parts = Say($"{position.OnHand:0.##} on hand, {position.OnOrder:0.##} on order, {position.Reserved:0.##} reserved, {position.Backorders:0.##} owed");
        var verdict = order > 0 ? Say($"Order {order:0.##}{packs}: the position of {position.Units:0.##} ({parts}) is below the reorder point {reorder:0.##}")
            : Say($"Order nothing: the position of {position.Units:0.##} ({parts}) reaches the reorder point {reorder:0.##}");
        return Say($"{verdict}, which is the expected demand of {request.Demand.Mean:0.##} until the next order arrives plus {reorder - request.Demand.Mean:0.##} safety stock for {request.Target.Describe()}{raised}.");

        static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
