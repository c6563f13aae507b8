namespace Shabou.Schema.Prospector;

/// <summary>The right to make one paid call, written down before the call is made. Rows are never deleted by the service: they are the ledger.</summary>
public sealed class BudgetReservation
{
    public const int IdempotencyKeyMaxLength = 200;
    public const int SkuMaxLength = 60;
    public const int OutcomeMaxLength = 60;

    public required Guid Id { get; init; }

    public required string Scope { get; init; }

    /// <summary>What the call is for; with <see cref="Attempt"/> unique.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>1 for the first try of that call.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is paid for, for example "text-search-enterprise".</summary>
    public required string Sku { get; init; }

    /// <summary>Calls.</summary>
    public required int Units { get; init; }

    /// <summary>The day window that it counts in.</summary>
    public required DateOnly DayKey { get; init; }

    /// <summary>The month window that it counts in.</summary>
    public required DateOnly MonthKey { get; init; }

    public required BudgetReservationState State { get; set; }

    /// <summary>Millionths of a US dollar.</summary>
    public required long CostMicros { get; init; }

    /// <summary>The job that the call is part of, or null.</summary>
    public Guid? JobId { get; init; }

    public required DateTimeOffset ReservedAt { get; init; }

    /// <summary>Not settled by then, it counts as spent.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>How the call ended, for example "200" or "timeout".</summary>
    public string? Outcome { get; set; }
}

/// <summary>What became of a reservation. Stored as text.</summary>
public enum BudgetReservationState
{
    /// <summary>The call may be under way.</summary>
    Reserved,

    /// <summary>The call was made, whatever came of it: spent.</summary>
    Committed,

    /// <summary>Nothing was sent, which the sender knows for certain: given back.</summary>
    Released,

    /// <summary>Nobody knows, for its holder vanished: spent.</summary>
    AssumedSpent,
}
