namespace Shabou.Schema.Forecast;

/// <summary>What the stock of a part is to achieve.</summary>
public enum OrderTarget
{
    /// <summary>A share of the order cycles without a stock-out.</summary>
    CycleService,

    /// <summary>A share of the units demanded that is served from stock at once.</summary>
    FillRate,

    /// <summary>The least cost of holding and of being short.</summary>
    Costs,
}

/// <summary>How a part is ordered. What is null comes from the part's row for all warehouses, then from the options.</summary>
public sealed class PlanningParameters
{
    public const int ActorMaxLength = 200;
    public const int WarehouseMaxLength = 100;

    /// <summary>The part; not a foreign key, because plans may arrive before the catalog knows the part.</summary>
    public required string Sku { get; init; }

    /// <summary>Slug of the warehouse; empty: the part in all warehouses.</summary>
    public required string Warehouse { get; init; }

    /// <summary>Days from an order to its arrival.</summary>
    public int? LeadTimeDays { get; set; }

    /// <summary>Days between two orders.</summary>
    public int? ReviewDays { get; set; }

    public OrderTarget? Target { get; set; }

    /// <summary>Between 0 and 1; of <see cref="OrderTarget.CycleService"/> and <see cref="OrderTarget.FillRate"/>.</summary>
    public double? ServiceLevel { get; set; }

    /// <summary>Of a unit too much in an order cycle, dinars; of <see cref="OrderTarget.Costs"/>.</summary>
    public double? HoldingCost { get; set; }

    /// <summary>Of a unit too few in an order cycle, dinars; of <see cref="OrderTarget.Costs"/>.</summary>
    public double? ShortageCost { get; set; }

    /// <summary>Orders are multiples of it, units.</summary>
    public int? PackSize { get; set; }

    /// <summary>Smallest order, units.</summary>
    public int? MinimumOrder { get; set; }

    /// <summary>What a unit costs the shop, dinars; null: the catalog's price.</summary>
    public decimal? UnitCost { get; set; }

    /// <summary>Units ordered and not yet arrived; of a warehouse only when it is named.</summary>
    public int? OnOrder { get; set; }

    /// <summary>Share of the part's demand that this warehouse serves, 0 to 1; of a named warehouse only.</summary>
    public double? DemandShare { get; set; }

    /// <summary>The planner says that no demand is expected any more.</summary>
    public bool? Discontinued { get; set; }

    public required string ChangedBy { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>PostgreSQL's xmin: changes with each write.</summary>
    public uint Version { get; init; }
}
