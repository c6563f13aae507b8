using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.CatalogApi.Products;

/// <summary>The ids behind the slugs that a client wrote.</summary>
internal sealed record ProductReferences(Guid BrandId, Guid CategoryId)
{
    /// <returns>The ids, or what is wrong by field, as validation reports it.</returns>
    public static async Task<(ProductReferences? Found, Dictionary<string, string[]> Errors)> FindAsync(
        ProductWrite write, ShabouContext context, CancellationToken cancellationToken)
    {
        var brand = await context.Brands.Where(b => b.Slug == write.Brand).Select(b => (Guid?)b.Id).SingleOrDefaultAsync(cancellationToken);
        var category = await context.Categories.Where(c => c.Slug == write.Category).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(cancellationToken);
        var errors = new Dictionary<string, string[]>();
        if (brand is null) errors["brand"] = [$"There is no brand '{write.Brand}'; GET /api/v1/brands lists them."];
        if (category is null) errors["category"] = [$"There is no category '{write.Category}'; GET /api/v1/categories lists them."];
        return brand is { } b && category is { } c ? (new(b, c), errors) : (null, errors);
    }
}
