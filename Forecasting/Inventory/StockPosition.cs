namespace Shabou.Forecasting;

/// <summary>What a warehouse has and owes of one SKU, units, each 0 or more.</summary>
/// <param name="OnHand">On the shelf.</param>
/// <param name="OnOrder">Ordered from the supplier and not yet received.</param>
/// <param name="Reserved">On the shelf but promised to orders.</param>
/// <param name="Backorders">Sold and owed to customers.</param>
public readonly record struct StockPosition(double OnHand, double OnOrder = 0, double Reserved = 0, double Backorders = 0)
{
    /// <summary>The inventory position: what is free to meet demand from now on. Negative when more is owed than there is.</summary>
    public double Units => OnHand + OnOrder - Reserved - Backorders;
}

/// <summary>How a supplier sells.</summary>
/// <param name="PackSize">Orders are whole packs of so many units; more than 0. Default 1: whole units.</param>
/// <param name="MinimumOrder">An order has at least so many units, rounded up to packs. Default 0.</param>
/// <param name="Cover">Units ordered beyond the reorder point, so that orders become larger and rarer; an economic lot, for example. Default 0: order up to the
/// reorder point itself.</param>
public sealed record OrderRules(double PackSize = 1, double MinimumOrder = 0, double Cover = 0)
{
    /// <summary>Units, one by one.</summary>
    public static OrderRules UnitByUnit { get; } = new();

    /// <summary>The smallest order that the supplier takes and that brings at least the wanted units; 0 when none are wanted.</summary>
    public double Order(double wanted) =>
        // A hair above whole packs comes from rounding errors, not from demand.
        wanted > 1e-9 ? Math.Ceiling(Math.Max(wanted, MinimumOrder) / PackSize - 1e-9) * PackSize : 0;
}
