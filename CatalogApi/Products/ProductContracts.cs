using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Products;

/// <summary>A part as lists show it.</summary>
/// <param name="Name">The name in the language that <c>Accept-Language</c> asks for: ar, en or fr; French for others and where a name is missing.</param>
/// <param name="ExternalId">Another system's id for it, by which bulk upserts find it.</param>
/// <param name="OeNumber">As printed by the vehicle's maker; null when unknown.</param>
/// <param name="PriceExclTax">In <paramref name="Currency"/>; the dinar has three decimals.</param>
/// <param name="PriceInclTax"><paramref name="PriceExclTax"/> plus VAT, rounded half up to three decimals.</param>
/// <param name="VatRate">Percent.</param>
public record ProductSummary(
    Guid Id, string Sku, string? ExternalId, string Name, LocalNames Names, string? OeNumber, string? Gtin, BrandRef Brand, CategoryRef Category,
    decimal PriceExclTax, decimal PriceInclTax, string Currency, decimal VatRate, DateTimeOffset UpdatedAt);

/// <summary>A part alone.</summary>
/// <param name="PriceList">Number of the price list that its price comes from; null when set by hand.</param>
/// <param name="OeNumbers">Vehicle makers' numbers.</param>
/// <param name="CrossReferences">Other part makers' numbers.</param>
/// <param name="ReplacedBy">The part that is sold instead.</param>
/// <param name="BaseQuantity">Its weight in the price index: units sold in the base period.</param>
public sealed record ProductView(
    Guid Id, string Sku, string? ExternalId, string Name, LocalNames Names, string? OeNumber, string? Gtin, BrandRef Brand, CategoryRef Category,
    decimal PriceExclTax, decimal PriceInclTax, string Currency, decimal VatRate, DateTimeOffset UpdatedAt,
    int? PriceList, IReadOnlyList<MakerNumber> OeNumbers, IReadOnlyList<MakerNumber> CrossReferences, Guid? ReplacedBy, decimal BaseQuantity)
    : ProductSummary(Id, Sku, ExternalId, Name, Names, OeNumber, Gtin, Brand, Category, PriceExclTax, PriceInclTax, Currency, VatRate, UpdatedAt);

/// <summary>A page of parts.</summary>
/// <param name="Next">Send it as <c>after</c> for the next page; null on the last one.</param>
/// <param name="Facets">Only when asked for.</param>
public sealed record ProductPage(IReadOnlyList<ProductSummary> Items, string? Next, Facets? Facets = null);

/// <summary>How many parts match per brand and per category.</summary>
/// <param name="Complete">False when a search has too many matches to count: the counts are of the first 5,000 then.</param>
public sealed record Facets(bool Complete, IReadOnlyList<FacetValue> Brands, IReadOnlyList<FacetValue> Categories);

/// <param name="Name">In the language asked for.</param>
public sealed record FacetValue(string Slug, string Name, long Count);

/// <summary>A name in the shop's languages. French and Arabic are always there.</summary>
public sealed record LocalNames(
    [property: Required, StringLength(Product.NameMaxLength, MinimumLength = 1)] string Fr,
    [property: Required, StringLength(Product.NameMaxLength, MinimumLength = 1)] string Ar,
    [property: StringLength(Product.NameMaxLength, MinimumLength = 1)] string? En = null);

/// <summary>A number and whose it is.</summary>
/// <param name="Maker">Volkswagen, Mann-Filter ...; empty when not known.</param>
public sealed record MakerNumber(
    [property: Required, StringLength(Product.OeNumberMaxLength, MinimumLength = 1), RegularExpression(@".*[\p{L}\p{N}].*", ErrorMessage = "number has at least one letter or digit.")] string Number,
    [property: StringLength(ReferenceNumber.MakerMaxLength)] string? Maker = null);

/// <summary>Which brand; <c>GET /api/v1/brands</c> lists them.</summary>
public sealed record BrandRef(string Slug, string Name);

/// <summary>Which category; <c>GET /api/v1/categories</c> lists them.</summary>
public sealed record CategoryRef(string Slug, LocalNames Names);

/// <summary>What <c>POST</c> and <c>PUT</c> take: the whole part.</summary>
/// <param name="Brand">A brand's slug.</param>
/// <param name="Category">A category's slug.</param>
/// <param name="PriceExclTax">Dinars, at most three decimals. It counts until a price list that is applied later has the part.</param>
/// <param name="VatRate">19 (default), 13 or 7.</param>
/// <param name="Gtin">8, 12, 13 or 14 digits, the last of them the check digit.</param>
/// <param name="OeNumbers">Vehicle makers' numbers beside <paramref name="OeNumber"/>.</param>
/// <param name="CrossReferences">Other part makers' numbers.</param>
/// <param name="BaseQuantity">Units sold in the base period of the price index. Default 1.</param>
public sealed record ProductWrite(
    [property: Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9._/-]*$", ErrorMessage = "sku has letters, digits and . _ / - only, and starts with a letter or digit.")]
    [property: StringLength(Product.SkuMaxLength)] string Sku,
    [property: Required] LocalNames Names,
    [property: Required, StringLength(Brand.SlugMaxLength)] string Brand,
    [property: Required, StringLength(Schema.Catalog.Category.SlugMaxLength)] string Category,
    [property: Range(typeof(decimal), "0", "999999999.999", ParseLimitsInInvariantCulture = true), Millimes, JsonRequired] decimal PriceExclTax,
    [property: AllowedValues(7, 13, 19, ErrorMessage = "vatRate is 19, 13 or 7.")] int VatRate = 19,
    [property: StringLength(Product.OeNumberMaxLength, MinimumLength = 1)] string? OeNumber = null,
    [property: StringLength(Product.ExternalIdMaxLength, MinimumLength = 1)] string? ExternalId = null,
    [property: StringLength(Product.GtinMaxLength)] string? Gtin = null,
    [property: MaxLength(ProductWrite.MaxNumbers)] IReadOnlyList<MakerNumber>? OeNumbers = null,
    [property: MaxLength(ProductWrite.MaxNumbers)] IReadOnlyList<MakerNumber>? CrossReferences = null,
    [property: Range(typeof(decimal), "0", "999999999", ParseLimitsInInvariantCulture = true)] decimal BaseQuantity = 1)
{
    internal const int MaxNumbers = 100;
}

/// <summary>A dinar has 1,000 millimes: more decimals would be rounded silently.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MillimesAttribute() : ValidationAttribute("{0} has at most three decimals.")
{
    public override bool IsValid(object? value) => value is not decimal amount || decimal.Round(amount, 3) == amount;
}
