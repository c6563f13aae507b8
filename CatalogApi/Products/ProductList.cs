using Npgsql;
using Shabou.Schema;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Products;

/// <summary>Reads pages of parts.</summary>
internal sealed class ProductList(ShabouContext context, Cursors cursors)
{
    /// <summary>At most this many parts are looked at for the counts of a search; with more the counts are marked as not complete.</summary>
    public async Task<RenderedPage> ReadAsync(ProductFilter filter, Guid after, int size, string language, CancellationToken cancellationToken)
    {
        var resolved = await FilterSql.ResolveAsync(filter, context, cancellationToken);
        var where = resolved.Where;
        List<NpgsqlParameter> parameters = [.. resolved.Parameters, new("take", size + 1)];
        if (after != default)
        {
            where += " AND p.id > @after";
            parameters.Add(new("after", after));
        }
        return await context.QueryAsync(
            $"""
            SELECT p.card, {ProductSql.NameIn(language)}, p.vat_rate, catalog.effective_price(p.id, p.price_amount, p.price_set_after), p.id
            FROM (SELECT * FROM catalog.products p WHERE {where} ORDER BY p.id LIMIT @take) p ORDER BY p.id
            """,
            [.. parameters],
            async (rows, cancellation) =>
            {
                var json = new ProductJson();
                json.Raw("{\"items\":["u8);
                var count = 0;
                Guid last = default;
                string? next = null;
                while (await rows.ReadAsync(cancellation))
                {
                    if (count == size)
                    {
                        next = cursors.Write(Name, last);
                        break;
                    }
                    if (count++ > 0) json.Raw(","u8);
                    json.Begin(rows.GetFieldValue<byte[]>(0), rows.GetString(1), rows.GetDecimal(2), rows.GetDecimal(3));
                    json.End();
                    last = rows.GetGuid(4);
                }
                json.Raw(next is null ? "],\"next\":null}" : $"],\"next\":\"{next}\"}}");
                return new RenderedPage(json.ToArray(), next, language);
            }, cancellationToken);
    }

    public const string Name = "products";
}
