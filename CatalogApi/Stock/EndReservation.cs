using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Stock;

/// <summary>Gives reserved pieces back, or takes them off the shelf. The reservation's state decides in the statement that moves the pieces,
/// so that they move once, however often and by however many it is asked.</summary>
internal sealed class EndReservation(ShabouContext context, CatalogVersions versions)
{
    /// <returns>Null when the pieces are free, now or since before; else 404 or 409.</returns>
    public async Task<ProblemHttpResult?> ReleaseAsync(Guid id, CancellationToken cancellationToken)
    {
        var moved = await context.QueryAsync<(Guid Product, bool WasEmpty)?>(
            """
            WITH ended AS (
                UPDATE catalog.stock_reservations SET state = 'Released', ended_at = now() WHERE id = @id AND state = 'Held' RETURNING product_id, warehouse_id, quantity
            )
            UPDATE catalog.stock_levels l SET reserved = l.reserved - ended.quantity FROM ended
            WHERE l.product_id = ended.product_id AND l.warehouse_id = ended.warehouse_id
            RETURNING l.product_id, l.on_hand - l.reserved = ended.quantity
            """,
            [new("id", id)],
            async (rows, cancellation) => await rows.ReadAsync(cancellation) ? (rows.GetGuid(0), rows.GetBoolean(1)) : null, cancellationToken);
        if (moved is null)
        {
            return await FindAsync(id, cancellationToken) switch
            {
                null => NotFound(id),
                { State: ReservationState.Fulfilled } => Problem.Of(ProblemTypes.Conflict, $"The reservation {id} is fulfilled: its pieces have left the shelf. Count the shelf to put them back."),
                _ => null,
            };
        }
        if (moved.Value.WasEmpty) await versions.ProductChangedAsync(moved.Value.Product, cancellationToken); // lists of what is in stock get it back
        return null;
    }

    /// <returns>Null when the pieces are off the shelf, now or since before; else 404 or 409.</returns>
    public async Task<ProblemHttpResult?> FulfilAsync(Guid id, CancellationToken cancellationToken)
    {
        var moved = await context.QueryAsync(
            """
            WITH ended AS (
                UPDATE catalog.stock_reservations SET state = 'Fulfilled', ended_at = now() WHERE id = @id AND state = 'Held' AND expires_at > now() RETURNING product_id, warehouse_id, quantity
            )
            UPDATE catalog.stock_levels l SET on_hand = l.on_hand - ended.quantity, reserved = l.reserved - ended.quantity FROM ended
            WHERE l.product_id = ended.product_id AND l.warehouse_id = ended.warehouse_id
            RETURNING true
            """,
            [new("id", id)],
            (rows, cancellation) => rows.ReadAsync(cancellation), cancellationToken);
        return moved ? null : await FindAsync(id, cancellationToken) switch
        {
            null => NotFound(id),
            { State: ReservationState.Fulfilled } => null,
            { State: var state } => Problem.Of(ProblemTypes.Conflict, $"The reservation {id} is {(state == ReservationState.Released ? "released" : "expired")}: its pieces are free again. Reserve them anew."),
        };
    }

    public Task<ReservationView?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (from r in context.StockReservations
         where r.Id == id
         join w in context.Warehouses on r.WarehouseId equals w.Id
         // UtcNow is the database's here. One whose time is over is expired, whether or not somebody has swept it.
         let lapsed = r.State == ReservationState.Held && r.ExpiresAt <= DateTimeOffset.UtcNow
         select new ReservationView(
             r.Id, r.ProductId, w.Slug, r.Quantity, lapsed ? ReservationState.Expired : r.State, r.Reference, r.CreatedAt, r.ExpiresAt, lapsed ? r.ExpiresAt : r.EndedAt))
        .SingleOrDefaultAsync(cancellationToken);

    public static ProblemHttpResult NotFound(Guid id) => Problem.NotFound("reservation", id);
}
