namespace Shabou.Schema.Catalog;

/// <summary>A price that was set by hand, bulk upserts included. The database writes these; prices of lists are in <see cref="Price"/>.</summary>
public sealed class PriceChange
{
    public long Id { get; init; }
    public required Guid ProductId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required decimal Amount { get; init; }

    /// <summary>The newest price list then: a later one overrides this price.</summary>
    public required int SetAfter { get; init; }
    public required string ChangedBy { get; init; }
}

/// <summary>What the parts of one brand in one category amount to. The database keeps these sums with every write, so that neither facets
/// nor the price index need to look at the parts.</summary>
public sealed class Assortment
{
    public required Guid BrandId { get; init; }
    public required Guid CategoryId { get; init; }

    /// <summary>Parts that are not deleted.</summary>
    public required int Products { get; init; }

    /// <summary>Sum of p0 x q0.</summary>
    public required decimal BaseValue { get; init; }

    /// <summary>Sum of p x q0 at the prices that count now.</summary>
    public required decimal CurrentValue { get; init; }
}

/// <summary>The price index (Laspeyres, base 100) of a brand, a category or everything, right after a price list was applied or rolled back.</summary>
public sealed class PriceIndexPoint
{
    public long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required int PriceListNumber { get; init; }

    /// <summary>Null: of all brands.</summary>
    public Guid? BrandId { get; init; }

    /// <summary>Null: of all categories.</summary>
    public Guid? CategoryId { get; init; }
    public required decimal BaseValue { get; init; }
    public required decimal CurrentValue { get; init; }
}
