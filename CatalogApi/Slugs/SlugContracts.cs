using System.ComponentModel.DataAnnotations;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Slugs;

/// <summary>What <c>POST</c> and <c>PUT</c> of brands, suppliers and warehouses take.</summary>
/// <param name="Slug">What filters and addresses use; another one renames it.</param>
/// <param name="Name">For people.</param>
public sealed record NamedWrite(
    [property: Required, StringLength(Brand.SlugMaxLength), Slug] string Slug,
    [property: Required, StringLength(Brand.NameMaxLength, MinimumLength = 1)] string Name);

/// <summary>Lower case ASCII letters and digits, in groups joined by single hyphens.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SlugAttribute : RegularExpressionAttribute
{
    public SlugAttribute() : base("^[a-z0-9]+(-[a-z0-9]+)*$") => ErrorMessage = "slug has lower case letters a-z, digits and single hyphens between them.";
}
