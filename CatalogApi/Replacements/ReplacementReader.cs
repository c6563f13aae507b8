using Shabou.CatalogApi.Products;
using Shabou.Schema;

namespace Shabou.CatalogApi.Replacements;

/// <summary>Follows the chain of a part's replacements, in one statement.</summary>
internal sealed class ReplacementReader(ShabouContext context)
{
    /// <summary>The most parts that may stand behind one another.</summary>
    public const int MaxDepth = 20;

    private const int MaxReplaced = 100;

    /// <returns>Null when there is no such part, or it is deleted.</returns>
    public Task<RenderedReplacements?> FindAsync(Guid id, string language, CancellationToken cancellationToken) => context.QueryAsync<RenderedReplacements?>(
        $"""
        WITH RECURSIVE chain AS (
            SELECT id, replaced_by_id, 0 AS depth FROM catalog.products WHERE id = @id AND deleted_at IS NULL
            UNION ALL
            SELECT p.id, p.replaced_by_id, c.depth + 1 FROM chain c JOIN catalog.products p ON p.id = c.replaced_by_id WHERE c.depth < {MaxDepth}
        ), shown AS (
            SELECT id, depth FROM chain
            UNION ALL
            (SELECT id, {MaxDepth} + 1 FROM catalog.products WHERE replaced_by_id = @id AND deleted_at IS NULL ORDER BY id LIMIT {MaxReplaced})
        )
        SELECT s.depth, p.card, {ProductSql.NameIn(language)}, p.vat_rate, {ProductSql.EffectivePrice},
            p.xmin, {ProductVersion.PriceListColumn}
        FROM shown s JOIN catalog.products p ON p.id = s.id WHERE p.deleted_at IS NULL ORDER BY s.depth, s.id
        """,
        [new("id", id)],
        async (rows, cancellation) =>
        {
            if (!await rows.ReadAsync(cancellation) || rows.GetInt32(0) != 0) return null; // the part itself comes first
            var version = new ProductVersion(rows.GetFieldValue<uint>(5), rows.IsDBNull(6) ? null : rows.GetInt32(6));
            using var json = new ProductJson();
            json.Raw("{\"items\":["u8);
            var (replaces, first) = (false, true);
            while (await rows.ReadAsync(cancellation))
            {
                var depth = rows.GetInt32(0);
                if (!replaces && depth > MaxDepth)
                {
                    json.Raw("],\"replaces\":["u8);
                    (replaces, first) = (true, true);
                }
                if (!first) json.Raw(","u8);
                first = false;
                json.Begin(rows, first: 1);
                if (!replaces) json.Raw($",\"depth\":{depth}");
                json.End();
            }
            json.Raw(replaces ? "]}" : "],\"replaces\":[]}");
            return new(json.ToArray(), version.ETag, language);
        }, cancellationToken);
}
