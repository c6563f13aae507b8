using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary>The brand and the category behind the slugs that a client wrote.</summary>
internal sealed record ProductReferences(Brand? Brand, Category? Category, ProblemHttpResult? Refusal)
{
    /// <returns>Both, or a refusal that names each slug that does not exist.</returns>
    public static async Task<ProductReferences> FindAsync(ProductWrite write, ShabouContext context, CancellationToken cancellationToken)
    {
        var brand = await context.Brands.AsNoTracking().SingleOrDefaultAsync(b => b.Slug == write.Brand, cancellationToken);
        var category = await context.Categories.AsNoTracking().SingleOrDefaultAsync(c => c.Slug == write.Category, cancellationToken);
        var errors = new Dictionary<string, string[]>();
        if (brand is null) errors["brand"] = [$"There is no brand '{write.Brand}'; GET /api/v1/brands lists them."];
        if (category is null) errors["category"] = [$"There is no category '{write.Category}'; GET /api/v1/categories lists them."];
        return new(brand, category, errors.Count == 0 ? null : Problem.Invalid(errors));
    }
}
