using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Prices;

/// <summary>A price that a part had, has, or has in reserve.</summary>
/// <param name="At">When it was set, or its list applied.</param>
/// <param name="Counts">Whether it is the part's price now; one of all is.</param>
/// <param name="ChangedBy">Who set it by hand; null of a list's price.</param>
/// <param name="List">The list it stands in; null when set by hand.</param>
public sealed record PriceEntry(decimal PriceExclTax, string Currency, DateTimeOffset At, bool Counts, string? ChangedBy, PriceListRef? List);

/// <summary>Which price list.</summary>
/// <param name="Supplier">A supplier's slug.</param>
/// <param name="RolledBackAt">Null unless it was taken back.</param>
public sealed record PriceListRef(Guid Id, string Supplier, int Number, DateTimeOffset AppliedAt, DateTimeOffset? RolledBackAt);

/// <summary><c>/api/v1/products/{id}/prices</c>: what a part has cost, newest first. A deleted part keeps its history.</summary>
internal static class PriceHistoryEndpoints
{
    private const string History = """
        SELECT h.at, h.from_list, h.key, h.amount, h.changed_by, h.list_id, h.supplier, h.rolled_back_at, h.counts
        FROM catalog.products p
        LEFT JOIN LATERAL (
            SELECT l.price_list_number AS number FROM catalog.prices l JOIN catalog.suppliers s ON s.current_list_number = l.price_list_number
            WHERE l.product_id = p.id AND l.price_list_number > p.price_set_after ORDER BY l.price_list_number DESC LIMIT 1) counting ON true
        LEFT JOIN LATERAL (
            SELECT * FROM (
                SELECT c.at, false AS from_list, c.id AS key, c.amount, c.changed_by, NULL::uuid AS list_id, NULL::text AS supplier, NULL::timestamptz AS rolled_back_at,
                    counting.number IS NULL AND c.id = (SELECT max(id) FROM catalog.price_changes WHERE product_id = p.id) AS counts
                FROM catalog.price_changes c WHERE c.product_id = p.id
                UNION ALL
                SELECT l.applied_at, true, l.number, r.amount, NULL, l.id, s.slug, l.rolled_back_at, coalesce(l.number = counting.number, false)
                FROM catalog.prices r JOIN catalog.price_lists l ON l.number = r.price_list_number JOIN catalog.suppliers s ON s.id = l.supplier_id
                WHERE r.product_id = p.id) AS entries
            WHERE @at IS NULL OR (at, from_list, key) < (@at, @from_list, @key)
            ORDER BY at DESC, from_list DESC, key DESC LIMIT @take) h ON true
        WHERE p.id = @id
        ORDER BY h.at DESC, h.from_list DESC, h.key DESC
        """;

    public static RouteGroupBuilder MapPriceHistory(this IEndpointRouteBuilder routes)
    {
        var prices = routes.MapGroup("/api/v1/products/{id:guid}/prices").WithTags("Prices");
        prices.MapGet("/", ListAsync).WithName("ListProductPrices").WithSummary("What a part has cost, newest first: prices set by hand and prices of lists");
        return prices;
    }

    private static async Task<Results<Ok<Page<PriceEntry>>, ProblemHttpResult>> ListAsync(
        Guid id, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        var list = $"prices of {id}";
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Position>(list, after, out var last, out refusal)) return refusal;
        var rows = await context.QueryAsync(History,
            [
                new("id", id), new("take", take + 1), new("at", NpgsqlDbType.TimestampTz) { Value = last is null ? DBNull.Value : last.At },
                new("from_list", last?.FromList ?? false), new("key", last?.Key ?? 0L),
            ], ReadAsync, cancellationToken);
        if (rows is null) return Problem.NotFound("product", id);
        var page = Pages.Cut(http, rows, take, r => cursors.Write(list, r.Position));
        return TypedResults.Ok(new Page<PriceEntry>([.. page.Items.Select(r => r.Entry)], page.Next));
    }

    /// <returns>Null when there is no such part.</returns>
    private static async Task<List<Row>?> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        List<Row>? entries = null;
        while (await rows.ReadAsync(cancellationToken))
        {
            entries ??= [];
            if (rows.IsDBNull(0)) continue; // the part alone: beyond the end
            var position = new Position(rows.GetFieldValue<DateTimeOffset>(0), rows.GetBoolean(1), rows.GetInt64(2));
            var from = rows.IsDBNull(5) ? null
                : new PriceListRef(rows.GetGuid(5), rows.GetString(6), (int)position.Key, position.At, rows.IsDBNull(7) ? null : rows.GetFieldValue<DateTimeOffset>(7));
            entries.Add(new(position, new(rows.GetDecimal(3), Money.Dinar, position.At, rows.GetBoolean(8), rows.IsDBNull(4) ? null : rows.GetString(4), from)));
        }
        return entries;
    }

    private sealed record Position(DateTimeOffset At, bool FromList, long Key);

    private sealed record Row(Position Position, PriceEntry Entry);
}
