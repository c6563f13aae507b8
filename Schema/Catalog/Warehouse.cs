namespace Shabou.Schema.Catalog;

/// <summary>A place that holds stock.</summary>
public sealed class Warehouse : ISlugged
{
    public required Guid Id { get; init; }

    /// <summary>Unique; lower case ASCII letters, digits and hyphens.</summary>
    public required string Slug { get; set; }
    public required string Name { get; set; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}

/// <summary>How much of a part lies in a warehouse. The database refuses a level where more is reserved than there is.</summary>
public sealed class StockLevel
{
    public required Guid ProductId { get; init; }
    public required Guid WarehouseId { get; init; }
    public Warehouse? Warehouse { get; init; }

    /// <summary>Pieces on the shelf, reserved ones included.</summary>
    public required int OnHand { get; set; }

    /// <summary>Pieces that held reservations have promised.</summary>
    public int Reserved { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}

/// <summary>What became of a reservation.</summary>
public enum ReservationState
{
    /// <summary>The pieces are set aside until it expires.</summary>
    Held,

    /// <summary>Given back by the client.</summary>
    Released,

    /// <summary>Given back because its time was over.</summary>
    Expired,

    /// <summary>The pieces have left the shelf.</summary>
    Fulfilled,
}

/// <summary>Pieces set aside for somebody.</summary>
public sealed class StockReservation
{
    public const int ReferenceMaxLength = 100;

    public required Guid Id { get; init; }
    public required Guid ProductId { get; init; }
    public required Guid WarehouseId { get; init; }

    /// <summary>Pieces, at least 1.</summary>
    public required int Quantity { get; init; }
    public required ReservationState State { get; set; }

    /// <summary>The client's own number for it, such as an order's.</summary>
    public string? Reference { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
}
