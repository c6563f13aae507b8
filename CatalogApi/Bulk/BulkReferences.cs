using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.CatalogApi.Bulk;

/// <summary>The ids behind all slugs of a request, and the newest price list: one statement.</summary>
internal sealed record BulkReferences(Dictionary<string, Guid> Brands, Dictionary<string, Guid> Categories, int NewestPriceList)
{
    public static async Task<BulkReferences> FindAsync(IReadOnlyList<BulkRow> rows, ShabouContext context, CancellationToken cancellationToken)
    {
        var brands = rows.Select(r => r.Write.Brand).Distinct().ToArray();
        var categories = rows.Select(r => r.Write.Category).Distinct().ToArray();
        var found = await context.Database.SqlQuery<Found>($"""
            SELECT 'brand' AS "Kind", slug AS "Slug", id AS "Id", 0 AS "Number" FROM catalog.brands WHERE slug = ANY ({brands})
            UNION ALL SELECT 'category', slug, id, 0 FROM catalog.categories WHERE slug = ANY ({categories})
            UNION ALL SELECT 'list', '', NULL, coalesce(max(number), 0) FROM catalog.price_lists
            """).ToListAsync(cancellationToken);
        return new(Ids("brand"), Ids("category"), found.Single(f => f.Kind == "list").Number);

        Dictionary<string, Guid> Ids(string kind) => found.Where(f => f.Kind == kind).ToDictionary(f => f.Slug, f => f.Id!.Value, StringComparer.Ordinal);
    }

    /// <summary>Whether both slugs of a row are known; else its errors are noted.</summary>
    public bool Has(BulkRow row, BulkErrors errors)
    {
        if (!Brands.ContainsKey(row.Write.Brand)) errors.Add(row.Index, row.Write.ExternalId, "brand", $"There is no brand '{row.Write.Brand}'; GET /api/v1/brands lists them.");
        if (!Categories.ContainsKey(row.Write.Category)) errors.Add(row.Index, row.Write.ExternalId, "category", $"There is no category '{row.Write.Category}'; GET /api/v1/categories lists them.");
        return !errors.Has(row.Index);
    }

    private sealed record Found(string Kind, string Slug, Guid? Id, int Number);
}
