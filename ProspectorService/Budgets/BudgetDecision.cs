namespace Shabou.ProspectorService.Budgets;

/// <summary>The ledger's answer to a wish for a call.</summary>
public abstract record BudgetDecision
{
    private BudgetDecision()
    {
    }

    /// <summary>The call may be made, once.</summary>
    /// <param name="Reservation">Goes with the request.</param>
    /// <param name="LeftToday">Calls still allowed today.</param>
    /// <param name="LeftThisMonth">Calls still allowed this month.</param>
    public sealed record Granted(Reservation Reservation, int LeftToday, int LeftThisMonth) : BudgetDecision;

    /// <summary>No call.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="RetryAt">When it may be different; null when only a person can change it.</param>
    public sealed record Denied(DenialReason Reason, DateTimeOffset? RetryAt = null) : BudgetDecision;
}

/// <summary>Why a call was not granted.</summary>
public enum DenialReason
{
    /// <summary>Today's calls are used up.</summary>
    DayCap,

    /// <summary>This month's calls are used up.</summary>
    MonthCap,

    /// <summary>The kill switch is on.</summary>
    Killed,

    /// <summary>The price table does not have it.</summary>
    UnknownSku,

    /// <summary>The ledger cannot be reached: nothing is spent that cannot be written down.</summary>
    LedgerDown,
}
