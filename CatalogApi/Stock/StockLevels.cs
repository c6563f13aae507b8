using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Warehouses;
using Shabou.Schema;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Stock;

/// <summary>Sets how much lies in a warehouse.</summary>
internal sealed class StockLevels(ShabouContext context)
{
    public async Task<(StockView?, ProblemHttpResult?)> CountAsync(StockCount count, CancellationToken cancellationToken)
    {
        var warehouse = await context.Warehouses.Where(w => w.Slug == count.Warehouse)
            .Select(w => new { w.Id, w.Name, Known = context.Products.Any(p => p.Id == count.Product && p.DeletedAt == null) }).SingleOrDefaultAsync(cancellationToken);
        if (warehouse is null) return (null, UnknownWarehouse(count.Warehouse));
        if (!warehouse.Known) return (null, UnknownProduct(count.Product));

        // Only the database can say what is reserved at the moment of the write.
        var (stored, reserved) = await context.QueryAsync(
            """
            INSERT INTO catalog.stock_levels AS l (product_id, warehouse_id, on_hand, reserved) VALUES (@product, @warehouse, @onHand, 0)
            ON CONFLICT (product_id, warehouse_id) DO UPDATE SET on_hand = excluded.on_hand WHERE l.reserved <= excluded.on_hand
            RETURNING reserved
            """,
            [new("product", count.Product), new("warehouse", warehouse.Id), new("onHand", count.OnHand)],
            async (rows, cancellation) => await rows.ReadAsync(cancellation) ? (true, rows.GetInt32(0)) : (false, 0), cancellationToken);
        return stored
            ? (new(new(count.Warehouse, warehouse.Name), count.OnHand, reserved, count.OnHand - reserved), null)
            : (null, Problem.Of(ProblemTypes.Conflict,
                $"More pieces of the part {count.Product} are reserved in the warehouse '{count.Warehouse}' than the {count.OnHand} counted; GET /api/v1/products/{count.Product}/stock shows them. Release reservations first."));
    }

    public static ProblemHttpResult UnknownProduct(Guid id) => Problem.Unprocessable("product", $"There is no product '{id}'; GET /api/v1/products lists them.");

    public static ProblemHttpResult UnknownWarehouse(string slug) => Problem.Unprocessable("warehouse", $"There is no warehouse '{slug}'; GET /api/v1/warehouses lists them.");
}
