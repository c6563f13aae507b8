using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Stock;

/// <summary>Sets pieces aside: all of them or none.</summary>
internal sealed class Reserve(ShabouContext context, LapsedReservations lapsed, AuditActor actor, CatalogVersions versions, TimeProvider time)
{
    // The part's levels are locked in one order, so that no two reservations wait for each other, and are read as they are then. The UPDATE
    // has its condition nevertheless, and the table has it once more. The time is the database's: replicas may disagree about theirs.
    private const string Statement =
        """
        WITH asked AS (
            SELECT (SELECT id FROM catalog.products WHERE id = @product AND deleted_at IS NULL) AS product_id,
                (SELECT id FROM catalog.warehouses WHERE slug = @warehouse) AS warehouse_id
        ), levels AS MATERIALIZED (
            SELECT l.warehouse_id, l.on_hand - l.reserved AS available FROM catalog.stock_levels l
            WHERE l.product_id = (SELECT product_id FROM asked) AND (@warehouse IS NULL OR l.warehouse_id = (SELECT warehouse_id FROM asked))
            ORDER BY l.warehouse_id FOR NO KEY UPDATE
        ), best AS (
            SELECT warehouse_id, available FROM levels ORDER BY available DESC, warehouse_id LIMIT 1
        ), taken AS (
            UPDATE catalog.stock_levels l SET reserved = l.reserved + @quantity FROM best
            WHERE l.product_id = @product AND l.warehouse_id = best.warehouse_id AND l.on_hand - l.reserved >= @quantity
            RETURNING l.warehouse_id, l.on_hand - l.reserved AS available
        ), made AS (
            INSERT INTO catalog.stock_reservations (id, product_id, warehouse_id, quantity, state, reference, expires_at, created_at, created_by)
            SELECT @id, @product, warehouse_id, @quantity, 'Held', @reference, now() + @ttl, now(), @actor FROM taken
            RETURNING warehouse_id, created_at, expires_at
        )
        SELECT asked.product_id IS NOT NULL, asked.warehouse_id IS NOT NULL, coalesce(taken.available, best.available, 0), made.created_at, made.expires_at, w.slug
        FROM asked LEFT JOIN best ON true LEFT JOIN taken ON true LEFT JOIN made ON true LEFT JOIN catalog.warehouses w ON w.id = made.warehouse_id
        """;

    public async Task<(ReservationView?, ProblemHttpResult?)> RunAsync(ReservationWrite write, CancellationToken cancellationToken)
    {
        var attempt = await TryAsync(write, cancellationToken);
        // Pieces whose time is over are free, whether or not somebody has swept them.
        if (attempt is { Made: null, Product: true } && await lapsed.ReleaseAsync(write.Product, cancellationToken) > 0) attempt = await TryAsync(write, cancellationToken);
        if (attempt.Made is { } made)
        {
            if (attempt.Available == 0) await versions.ProductChangedAsync(write.Product, cancellationToken); // lists of what is in stock lose it
            return (made, null);
        }
        if (!attempt.Product) return (null, StockLevels.UnknownProduct(write.Product));
        if (write.Warehouse is not null && !attempt.Warehouse) return (null, StockLevels.UnknownWarehouse(write.Warehouse));
        return (null, TooFew(write, attempt.Available));
    }

    private Task<Attempt> TryAsync(ReservationWrite write, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return context.QueryAsync(Statement,
            [
                new("id", id), new("product", write.Product), Text("warehouse", write.Warehouse), new("quantity", write.Quantity),
                new("ttl", TimeSpan.FromSeconds(write.Ttl)), Text("reference", write.Reference), new("actor", actor.Name),
            ],
            async (rows, cancellation) =>
            {
                await rows.ReadAsync(cancellation);
                var made = rows.IsDBNull(3) ? null : new ReservationView(
                    id, write.Product, rows.GetString(5), write.Quantity, ReservationState.Held, write.Reference,
                    rows.GetFieldValue<DateTimeOffset>(3), rows.GetFieldValue<DateTimeOffset>(4), null);
                return new Attempt(rows.GetBoolean(0), rows.GetBoolean(1), rows.GetInt32(2), made);
            }, cancellationToken);
    }

    private static NpgsqlParameter Text(string name, string? value) => new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private static ProblemHttpResult TooFew(ReservationWrite write, int available)
    {
        var where = write.Warehouse is { } warehouse ? $"The warehouse '{warehouse}' has" : "The warehouse with most of them has";
        var problem = Problem.Of(ProblemTypes.InsufficientStock, $"{where} {available} pieces of the part {write.Product} available, not {write.Quantity}; reserve at most {available} there, or wait for others to be released.");
        problem.ProblemDetails.Extensions["available"] = available;
        return problem;
    }

    /// <param name="Product">The part exists.</param>
    /// <param name="Warehouse">The warehouse exists.</param>
    /// <param name="Available">In the chosen warehouse, or in the one that has most; after the reservation, if one was made.</param>
    private sealed record Attempt(bool Product, bool Warehouse, int Available, ReservationView? Made);
}
