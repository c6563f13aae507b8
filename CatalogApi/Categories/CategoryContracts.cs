using System.ComponentModel.DataAnnotations;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Slugs;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Categories;

/// <summary>A node of the tree. <paramref name="Path"/> has the slugs from the root down, each followed by a slash.</summary>
public sealed record CategoryView(string Slug, string Path, LocalNames Names)
{
    /// <summary>Slug of the category above; null at the root.</summary>
    public string? Parent => Path.Split('/') is [.., var parent, _, _] ? parent : null;
}

/// <summary>What <c>POST</c> and <c>PUT</c> take: the whole category.</summary>
/// <param name="Slug">Unique over the whole tree; another one renames it.</param>
/// <param name="Names">At most 100 characters each.</param>
/// <param name="Parent">Slug of the category above; null at the root. Another one moves it with all that is below it.</param>
public sealed record CategoryWrite(
    [property: Required, StringLength(Category.SlugMaxLength), Slug] string Slug,
    [property: Required] LocalNames Names,
    [property: StringLength(Category.SlugMaxLength, MinimumLength = 1)] string? Parent = null) : IValidatableObject
{
    /// <summary>Names of categories are shorter than those of parts, whose contract they share.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (new[] { Names?.Fr, Names?.Ar, Names?.En }.Any(name => name?.Length > Category.NameMaxLength))
            yield return new($"names have at most {Category.NameMaxLength} characters each.", [nameof(Names)]);
    }
}
