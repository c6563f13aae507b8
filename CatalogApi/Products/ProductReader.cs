using System.Globalization;
using Npgsql;
using Shabou.CatalogApi.Caching;
using Shabou.Schema;
using Shabou.ServiceDefaults.Concurrency;

namespace Shabou.CatalogApi.Products;

/// <summary>Reads one part with everything that belongs to it, in one statement.</summary>
internal sealed class ProductReader(ShabouContext context)
{
    /// <summary>The part as it is stored now.</summary>
    /// <returns>Null when there is no such part, or it is deleted.</returns>
    public Task<CachedAnswer?> FindAsync(Guid id, string language, CancellationToken cancellationToken) => context.QueryAsync(
        Statement(language), [new("id", id)], async (rows, cancellation) => await rows.ReadAsync(cancellation) ? Render(language, rows) : null, cancellationToken, prepared: true);

    internal static string Statement(string language) =>
        $"""
        SELECT p.card, {ProductSql.NameIn(language)}, p.vat_rate, coalesce(l.amount, p.price_amount), p.xmin, l.number, p.replaced_by_id, p.base_quantity, {Numbers("Oe")}, {Numbers("Trade")}
        FROM catalog.products p LEFT JOIN LATERAL (
            SELECT pr.amount, pr.price_list_number AS number FROM catalog.prices pr JOIN catalog.suppliers s ON s.current_list_number = pr.price_list_number
            WHERE pr.product_id = p.id AND pr.price_list_number > p.price_set_after ORDER BY pr.price_list_number DESC LIMIT 1) l ON true
        WHERE p.id = @id AND p.deleted_at IS NULL
        """;

    private static string Numbers(string kind) =>
        $"(SELECT coalesce(json_agg(json_build_object('number', number, 'maker', nullif(maker, '')) ORDER BY maker, normalised), '[]')::text FROM catalog.reference_numbers WHERE product_id = p.id AND kind = '{kind}')";

    private static CachedAnswer Render(string language, NpgsqlDataReader rows)
    {
        var number = rows.IsDBNull(5) ? (int?)null : rows.GetInt32(5);
        using var json = new ProductJson();
        json.Begin(rows);
        json.Raw(string.Create(CultureInfo.InvariantCulture,
            $",\"priceList\":{number?.ToString(CultureInfo.InvariantCulture) ?? "null"},\"oeNumbers\":{rows.GetString(8)},\"crossReferences\":{rows.GetString(9)},\"replacedBy\":{(rows.IsDBNull(6) ? "null" : $"\"{rows.GetGuid(6)}\"")},\"baseQuantity\":{rows.GetDecimal(7)}"));
        json.End();
        // A price list changes what the part shows, but not its row: both stand in the version.
        return new(json.ToArray(), ETags.Of(VersionOf(rows.GetFieldValue<uint>(4), number), language));
    }

    /// <summary>A part's version: its row's in the lower half, the price list's number in the upper.</summary>
    internal static ulong VersionOf(uint row, int? priceList) => ((ulong)(priceList ?? 0) << 32) | row;
}
