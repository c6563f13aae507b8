using Shabou.CatalogApi.Products;

namespace Shabou.CatalogApi.Replacements;

/// <summary>What is sold instead of a part, and what it is sold instead of.</summary>
/// <param name="Items">The chain of parts that replace one another; the last is the one to sell now. Empty when nothing replaces the part. Deleted parts are passed over.</param>
/// <param name="Replaces">The parts that this one replaces directly, at most 100.</param>
public sealed record ReplacementsView(IReadOnlyList<Replacement> Items, IReadOnlyList<ProductSummary> Replaces);

/// <summary>A part of the chain.</summary>
/// <param name="Depth">1 for the part that replaces the one asked for, 2 for the one that replaces that ...</param>
public sealed record Replacement(
    Guid Id, string Sku, string? ExternalId, string Name, LocalNames Names, string? OeNumber, string? Gtin, BrandRef Brand, CategoryRef Category,
    decimal PriceExclTax, decimal PriceInclTax, string Currency, decimal VatRate, DateTimeOffset UpdatedAt, int Depth)
    : ProductSummary(Id, Sku, ExternalId, Name, Names, OeNumber, Gtin, Brand, Category, PriceExclTax, PriceInclTax, Currency, VatRate, UpdatedAt);

/// <summary>What <c>PUT</c> takes.</summary>
/// <param name="ReplacedBy">Id of the part that is sold instead.</param>
public sealed record ReplacementWrite(Guid ReplacedBy);
