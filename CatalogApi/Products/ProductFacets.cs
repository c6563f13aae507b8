using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using Shabou.Schema;

namespace Shabou.CatalogApi.Products;

/// <summary>Counts matching parts per brand and per category: within a facet the chosen values widen the list, so its counts leave its own
/// filter out; across facets they narrow it.</summary>
internal sealed class ProductFacets(ShabouContext context)
{
    /// <summary>At most so many parts of a search are counted; with more, <c>complete</c> is false and the counts are of the first. Filters by
    /// brand and category alone are always counted in full, from sums that the database keeps.</summary>
    public const int CountedAtMost = 5_000;

    private const int ValuesAtMost = 200;

    public Task ReadAsync(ProductFilter filter, FilterSql condition, string language, ProductJson json, CancellationToken cancellationToken)
    {
        var statement = Statement(filter, condition, language);
        return context.QueryAsync(statement.Text, statement.Parameters, async (rows, cancellation) =>
        {
            List<(string Slug, string Name, long Count)> brands = [], categories = [];
            var complete = true;
            while (await rows.ReadAsync(cancellation))
            {
                complete &= rows.GetInt64(4) <= CountedAtMost || condition.IsAssortment;
                (rows.GetString(0) == "brand" ? brands : categories).Add((rows.GetString(1), rows.GetString(2), rows.GetInt64(3)));
            }
            json.Raw($",\"facets\":{{\"complete\":{(complete ? "true" : "false")},\"brands\":");
            Write(json, brands);
            json.Raw(",\"categories\":"u8);
            Write(json, categories);
            json.End();
            return 0;
        }, cancellationToken);
    }

    internal static PageSql Statement(ProductFilter filter, FilterSql condition, string language)
    {
        List<NpgsqlParameter> parameters = [.. condition.Parameters];
        string matching;
        if (condition.IsAssortment)
        {
            matching = "SELECT a.brand_id, a.category_id, a.products::bigint AS n FROM catalog.assortments a";
        }
        else if (filter.HasPriceRange)
        {
            PageSql.AddRange(filter, parameters);
            parameters.Add(new("most", CountedAtMost + 1));
            matching = $"SELECT m.brand_id, m.category_id, 1::bigint AS n FROM ({PageSql.ByPrice(filter, condition, "@most", isNext: false, condition.Others)}) m";
        }
        else
        {
            parameters.Add(new("most", CountedAtMost + 1));
            matching = $"SELECT p.brand_id, p.category_id, 1::bigint AS n FROM catalog.products p WHERE {condition.Others}{(condition.HasWords ? "" : " ORDER BY p.id")} LIMIT @most";
        }
        var name = language switch { "ar" => "c.name_ar", "en" => "coalesce(c.name_en, c.name_fr)", _ => "c.name_fr" };
        return new(
            $"""
            WITH matching AS MATERIALIZED (SELECT brand_id, category_id, sum(n)::bigint AS n FROM ({matching}) each GROUP BY brand_id, category_id),
                 looked AS (SELECT coalesce(sum(n), 0)::bigint AS n FROM matching)
            (SELECT 'brand', b.slug, b.name, sum(m.n)::bigint, looked.n FROM matching m JOIN catalog.brands b ON b.id = m.brand_id, looked
             WHERE {condition.InCategories("m.category_id")} GROUP BY b.slug, b.name, looked.n HAVING sum(m.n) > 0 ORDER BY sum(m.n) DESC, b.slug LIMIT {ValuesAtMost})
            UNION ALL
            (SELECT 'category', c.slug, {name}, sum(m.n)::bigint, looked.n FROM matching m JOIN catalog.categories own ON own.id = m.category_id
                JOIN catalog.categories c ON starts_with(own.path, c.path), looked
             WHERE {condition.InBrands("m.brand_id")} GROUP BY c.slug, {name}, looked.n HAVING sum(m.n) > 0 ORDER BY sum(m.n) DESC, c.slug LIMIT {ValuesAtMost})
            """, [.. parameters]);
    }

    private static void Write(ProductJson json, List<(string Slug, string Name, long Count)> values)
    {
        var separator = "[";
        foreach (var (slug, name, count) in values)
        {
            json.Raw($"{separator}{{\"slug\":\"{JsonEncodedText.Encode(slug)}\",\"name\":\"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\",\"count\":{count}}}");
            separator = ",";
        }
        json.Raw(values.Count == 0 ? "[]" : "]");
    }
}
