using System.ComponentModel.DataAnnotations;
using Shabou.CatalogApi.Warehouses;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Stock;

/// <summary>How much of a part lies in a warehouse.</summary>
/// <param name="OnHand">Pieces on the shelf, reserved ones included.</param>
/// <param name="Reserved">Pieces that are promised to somebody.</param>
/// <param name="Available">Pieces that can be reserved.</param>
public sealed record StockView(WarehouseRef Warehouse, int OnHand, int Reserved, int Available);

/// <summary>A count of the shelf: it counts whatever the level was before.</summary>
/// <param name="Product">A part's id.</param>
/// <param name="Warehouse">A warehouse's slug.</param>
/// <param name="OnHand">Pieces counted, reserved ones included; not fewer than are reserved.</param>
public sealed record StockCount(
    Guid Product,
    [property: Required, StringLength(Brand.SlugMaxLength, MinimumLength = 1)] string Warehouse,
    [property: Range(0, StockCount.MaxPieces)] int OnHand)
{
    internal const int MaxPieces = 1_000_000_000;
}

/// <summary>Pieces to set aside.</summary>
/// <param name="Product">A part's id.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="Warehouse">A warehouse's slug. Left out: the warehouse that has most of the part.</param>
/// <param name="Ttl">Seconds until the pieces are free again, unless released or fulfilled before: 10 to 604,800 (a week), default 900.</param>
/// <param name="Reference">The caller's own number for it, such as an order's.</param>
public sealed record ReservationWrite(
    Guid Product,
    [property: Range(1, 10_000)] int Quantity,
    [property: StringLength(Brand.SlugMaxLength, MinimumLength = 1)] string? Warehouse = null,
    [property: Range(10, 604_800)] int Ttl = 900,
    [property: StringLength(StockReservation.ReferenceMaxLength, MinimumLength = 1)] string? Reference = null);

/// <summary>Pieces set aside.</summary>
/// <param name="Product">The part's id.</param>
/// <param name="Warehouse">The warehouse's slug.</param>
/// <param name="State">held, released, expired or fulfilled.</param>
/// <param name="ExpiresAt">When a held one is over.</param>
/// <param name="EndedAt">When it was released, expired or fulfilled.</param>
public sealed record ReservationView(
    Guid Id, Guid Product, string Warehouse, int Quantity, ReservationState State, string? Reference,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt);
