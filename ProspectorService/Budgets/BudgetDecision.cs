namespace Shabou.ProspectorService.Budgets;

/// <summary>The ledger's answer to a wish for a call.</summary>
public abstract record BudgetDecision
{
    private BudgetDecision()
    {
    }

    /// <summary>The call may be made, once.</summary>
    /// <param name="Reservation">Goes with the request.</param>
    /// <param name="LeftToday">Calls still allowed today, and within 24 hours: the smaller of the two.</param>
    /// <param name="LeftThisMonth">Calls still allowed this month.</param>
    /// <param name="LeftMicros">Millionths of a US dollar still allowed this month.</param>
    public sealed record Granted(Reservation Reservation, int LeftToday, int LeftThisMonth, long LeftMicros) : BudgetDecision;

    /// <summary>No call.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="RetryAt">When it may be different; null when only a person can change it.</param>
    public sealed record Denied(DenialReason Reason, DateTimeOffset? RetryAt = null) : BudgetDecision;
}

/// <summary>Why a call was not granted.</summary>
public enum DenialReason
{
    /// <summary>The calls of today, or of the last 24 hours, are used up.</summary>
    DayCap,

    /// <summary>This month's calls are used up.</summary>
    MonthCap,

    /// <summary>This month's money is used up, or does not suffice for this call.</summary>
    MoneyCap,

    /// <summary>The kill switch is on.</summary>
    Killed,

    /// <summary>The price table does not have it.</summary>
    UnknownSku,

    /// <summary>Its price was read from Google's list more than 90 days ago, or "in the future": nobody knows what it costs now.</summary>
    StalePrice,

    /// <summary>The ledger cannot be reached: nothing is spent that cannot be written down.</summary>
    LedgerDown,

    /// <summary>Our clock and the database's are more than 5 seconds apart: one of them would open the wrong day.</summary>
    ClockSuspect,
}
