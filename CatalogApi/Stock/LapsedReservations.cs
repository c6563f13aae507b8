using Microsoft.Extensions.Options;
using NpgsqlTypes;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.Schema;

namespace Shabou.CatalogApi.Stock;

/// <summary>Gives back the pieces of reservations whose time is over, by the database's clock.</summary>
internal sealed class LapsedReservations(ShabouContext context, CatalogVersions versions, IOptions<StockOptions> options)
{
    // One statement, so that a reservation ends with its pieces free or not at all. Rows that another replica is ending are left to it. Levels
    // are locked in the order in which reservations lock them.
    private const string Statement =
        """
        WITH lapsed AS (
            SELECT id FROM catalog.stock_reservations WHERE state = 'Held' AND expires_at <= now() AND (@product IS NULL OR product_id = @product)
            ORDER BY expires_at LIMIT @batch FOR UPDATE SKIP LOCKED
        ), ended AS (
            UPDATE catalog.stock_reservations r SET state = 'Expired', ended_at = now() FROM lapsed WHERE r.id = lapsed.id
            RETURNING r.product_id, r.warehouse_id, r.quantity
        ), freed AS (
            SELECT product_id, warehouse_id, count(*) AS reservations, sum(quantity)::int AS quantity FROM ended GROUP BY product_id, warehouse_id
        ), levels AS MATERIALIZED (
            SELECT product_id, warehouse_id FROM catalog.stock_levels WHERE (product_id, warehouse_id) IN (SELECT product_id, warehouse_id FROM freed)
            ORDER BY product_id, warehouse_id FOR NO KEY UPDATE
        )
        UPDATE catalog.stock_levels l SET reserved = l.reserved - freed.quantity FROM freed JOIN levels USING (product_id, warehouse_id)
        WHERE l.product_id = freed.product_id AND l.warehouse_id = freed.warehouse_id
        RETURNING l.product_id, freed.reservations::int, l.on_hand - l.reserved = freed.quantity
        """;

    /// <summary>Ends the lapsed reservations of one part, or of all, until none is left.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> ReleaseAsync(Guid? product, CancellationToken cancellationToken)
    {
        var batch = product is null ? options.Value.SweepBatch : int.MaxValue; // a request runs one statement
        var ended = 0;
        while (true)
        {
            var (count, back) = await ReleaseSomeAsync(product, batch, cancellationToken);
            foreach (var id in back) await versions.ProductChangedAsync(id, cancellationToken); // lists of what is in stock get them back
            ended += count;
            if (count < batch) return ended;
        }
    }

    private Task<(int Count, HashSet<Guid> Back)> ReleaseSomeAsync(Guid? product, int batch, CancellationToken cancellationToken) => context.QueryAsync(Statement,
        [new("product", NpgsqlDbType.Uuid) { Value = (object?)product ?? DBNull.Value }, new("batch", batch)],
        async (rows, cancellation) =>
        {
            var count = 0;
            var back = new HashSet<Guid>();
            while (await rows.ReadAsync(cancellation))
            {
                count += rows.GetInt32(1);
                if (rows.GetBoolean(2)) back.Add(rows.GetGuid(0));
            }
            return (count, back);
        }, cancellationToken);
}
