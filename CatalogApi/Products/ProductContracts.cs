using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Products;

/// <summary>A part as clients see it, in lists and alone.</summary>
/// <param name="OeNumber">As printed by the vehicle's maker; null when unknown.</param>
/// <param name="PriceExclTax">In <paramref name="Currency"/>; the dinar has three decimals.</param>
/// <param name="PriceInclTax"><paramref name="PriceExclTax"/> plus VAT, rounded half up to three decimals.</param>
/// <param name="VatRate">Percent.</param>
/// <param name="Version">The xmin it was read at; travels as the ETag.</param>
public sealed record ProductView(
    Guid Id, string Sku, LocalNames Names, string? OeNumber, BrandRef Brand, CategoryRef Category,
    decimal PriceExclTax, decimal PriceInclTax, string Currency, decimal VatRate, DateTimeOffset UpdatedAt,
    [property: JsonIgnore] uint Version)
{
    /// <summary>One SELECT with brand and category joined; the tax is added in memory.</summary>
    internal static readonly Expression<Func<Product, ProductView>> FromProduct = p => new ProductView(
        p.Id, p.Sku, new LocalNames(p.NameFr, p.NameAr, p.NameEn), p.OeNumber,
        new BrandRef(p.Brand!.Slug, p.Brand.Name),
        new CategoryRef(p.Category!.Slug, new LocalNames(p.Category.NameFr, p.Category.NameAr, p.Category.NameEn)),
        p.Price.Amount, Vat.Include(p.Price.Amount, p.VatRate), p.Price.Currency, p.VatRate, p.UpdatedAt, p.Version);
}

/// <summary>A name in the shop's languages. French and Arabic are always there.</summary>
public sealed record LocalNames(
    [property: Required, StringLength(Product.NameMaxLength, MinimumLength = 1)] string Fr,
    [property: Required, StringLength(Product.NameMaxLength, MinimumLength = 1)] string Ar,
    [property: StringLength(Product.NameMaxLength, MinimumLength = 1)] string? En = null);

/// <summary>Which brand; <c>GET /api/v1/brands</c> lists them.</summary>
public sealed record BrandRef(string Slug, string Name);

/// <summary>Which category; <c>GET /api/v1/categories</c> lists them.</summary>
public sealed record CategoryRef(string Slug, LocalNames Names);

/// <summary>What <c>POST</c> and <c>PUT</c> take: the whole part.</summary>
/// <param name="Brand">A brand's slug.</param>
/// <param name="Category">A category's slug.</param>
/// <param name="PriceExclTax">Dinars, at most three decimals.</param>
/// <param name="VatRate">19 (default), 13 or 7.</param>
public sealed record ProductWrite(
    [property: Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9._/-]*$", ErrorMessage = "sku has letters, digits and . _ / - only, and starts with a letter or digit.")]
    [property: StringLength(Product.SkuMaxLength)] string Sku,
    [property: Required] LocalNames Names,
    [property: Required, StringLength(Brand.SlugMaxLength)] string Brand,
    [property: Required, StringLength(Schema.Catalog.Category.SlugMaxLength)] string Category,
    [property: Range(typeof(decimal), "0", "999999999.999", ParseLimitsInInvariantCulture = true), Millimes] decimal PriceExclTax,
    [property: AllowedValues(7, 13, 19, ErrorMessage = "vatRate is 19, 13 or 7.")] int VatRate = 19,
    [property: StringLength(Product.OeNumberMaxLength, MinimumLength = 1)] string? OeNumber = null);

/// <summary>A dinar has 1,000 millimes: more decimals would be rounded silently.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MillimesAttribute() : ValidationAttribute("{0} has at most three decimals.")
{
    public override bool IsValid(object? value) => value is not decimal amount || decimal.Round(amount, 3) == amount;
}
