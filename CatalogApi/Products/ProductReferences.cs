using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary>The ids behind the slugs that a client wrote, and the newest price list; null where there is none.</summary>
internal sealed record ProductReferences([property: Column("brand_id")] Guid? BrandId, [property: Column("category_id")] Guid? CategoryId, [property: Column("newest_price_list")] int NewestPriceList)
{
    /// <summary>One statement for all of it.</summary>
    public static Task<ProductReferences> FindAsync(ProductWrite write, ShabouContext context, CancellationToken cancellationToken) =>
        context.Database.SqlQuery<ProductReferences>($"""
            SELECT (SELECT id FROM catalog.brands WHERE slug = {write.Brand}) AS brand_id, (SELECT id FROM catalog.categories WHERE slug = {write.Category}) AS category_id,
                coalesce((SELECT max(number) FROM catalog.price_lists), 0) AS newest_price_list
            """).SingleAsync(cancellationToken);

    /// <summary>A refusal that names each slug that does not exist and a GTIN that cannot be right, or null.</summary>
    public ProblemHttpResult? Refuse(ProductWrite write)
    {
        var errors = new Dictionary<string, string[]>();
        if (BrandId is null) errors["brand"] = [$"There is no brand '{write.Brand}'; GET /api/v1/brands lists them."];
        if (CategoryId is null) errors["category"] = [$"There is no category '{write.Category}'; GET /api/v1/categories lists them."];
        if (write.Gtin is { } gtin && !Gtin.IsValid(gtin)) errors["gtin"] = [$"'{gtin}' is no GTIN: 8, 12, 13 or 14 digits, the last of them the check digit."];
        return errors.Count == 0 ? null : Problem.Unprocessable(errors);
    }
}
