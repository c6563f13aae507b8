namespace Shabou.ForecastService.Parts;

/// <summary>What the catalog says about a part.</summary>
/// <param name="Group">Path of its category.</param>
/// <param name="Price">The price that counts, dinars.</param>
/// <param name="IsDeleted">It is no longer sold.</param>
/// <param name="ReplacedBy">SKU of the part that is sold instead; null when there is none.</param>
internal sealed record PartFact(string Sku, string Group, decimal Price, bool IsDeleted, string? ReplacedBy);

/// <summary>A promotion as a regressor needs it.</summary>
/// <param name="Sku">Null: for a group.</param>
/// <param name="Group">Path of a category, for all parts below it; null: for one part.</param>
internal sealed record PromotedDays(string? Sku, string? Group, string Kind, DateOnly From, DateOnly To)
{
    public bool IsFor(string sku, string group) => Sku is not null ? Sku == sku : Group is not null && group.StartsWith(Group, StringComparison.Ordinal);
}
