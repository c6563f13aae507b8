using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Prices;

/// <summary>Judges all rows of a list at once. The verdicts stay in a temporary table for the rest of the transaction.</summary>
internal static class CheckPriceList
{
    /// <summary>So many errors are kept for the report; all are counted.</summary>
    public const int KeptErrors = 1_000;

    // The part is looked up row by row through the index of SKUs: a list is small beside the catalog. Of rows with the same part the first right one counts.
    private const string Judge = """
        CREATE TEMP TABLE price_list_verdicts (line int NOT NULL, product_id uuid, amount numeric(18, 3), field text, reason text) ON COMMIT DROP;

        INSERT INTO price_list_verdicts
        SELECT line, product_id, amount,
            CASE WHEN reason IS NOT NULL THEN field WHEN line <> first_line THEN 'sku' END,
            CASE WHEN reason IS NOT NULL THEN reason WHEN line <> first_line THEN format('The part ''%s'' has a price in line %s already; leave one of the two out.', sku, first_line) END
        FROM (
            SELECT *, first_value(line) OVER (PARTITION BY product_id ORDER BY reason IS NOT NULL, line) AS first_line
            FROM (
                SELECT r.line, r.sku, r.amount, p.id AS product_id,
                    CASE WHEN r.error IS NOT NULL THEN r.error_column WHEN p.id IS NULL OR p.deleted_at IS NOT NULL THEN 'sku' END AS field,
                    CASE WHEN r.error IS NOT NULL THEN r.error
                        WHEN p.id IS NULL THEN format('There is no part ''%s''.', r.sku)
                        WHEN p.deleted_at IS NOT NULL THEN format('The part ''%s'' is deleted; restore it or leave the row out.', r.sku) END AS reason
                FROM catalog.price_list_rows r LEFT JOIN LATERAL (SELECT id, deleted_at FROM catalog.products WHERE sku = r.sku LIMIT 1) p ON true
                WHERE r.price_list_id = {0}) AS found) AS judged;
        """;

    /// <returns>How many rows are right.</returns>
    public static async Task<int> CheckAsync(this ShabouContext context, PriceList list, CancellationToken cancellationToken)
    {
        await context.Database.ExecuteSqlRawAsync(Judge, [list.Id], cancellationToken);
        if (list.OnError != RowErrors.Ignore)
        {
            await context.Database.ExecuteSqlAsync($"""
                INSERT INTO catalog.price_list_errors (price_list_id, line, field, reason)
                SELECT {list.Id}, line, field, reason FROM price_list_verdicts WHERE reason IS NOT NULL ORDER BY line LIMIT {KeptErrors}
                """, cancellationToken);
        }
        return await context.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM price_list_verdicts WHERE reason IS NULL").SingleAsync(cancellationToken);
    }

    /// <summary>Writes the right rows as prices of the list's number, which nobody reads yet.</summary>
    public static Task<int> WritePricesAsync(this ShabouContext context, int number, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"INSERT INTO catalog.prices (product_id, price_list_number, amount) SELECT product_id, {number}, amount FROM price_list_verdicts WHERE reason IS NULL ORDER BY product_id", cancellationToken);
}
