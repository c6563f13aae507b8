namespace Shabou.Schema.Prospector;

/// <summary>The calls of one day or one month. The database itself refuses a row that passes its cap.</summary>
public sealed class BudgetWindow
{
    /// <summary>What is budgeted, for example "places".</summary>
    public required string Scope { get; init; }

    public required BudgetWindowKind Kind { get; init; }

    /// <summary>The day, or the first day of the month, in America/Los_Angeles: as Google bills.</summary>
    public required DateOnly Key { get; init; }

    /// <summary>Calls made, and calls whose fate is unknown.</summary>
    public int Used { get; set; }

    /// <summary>Calls granted and not settled yet.</summary>
    public int Reserved { get; set; }

    /// <summary>What was allowed when the last call was granted.</summary>
    public int Cap { get; set; }

    /// <summary>Millionths of a US dollar that used and reserved calls cost.</summary>
    public long CostMicros { get; set; }

    /// <summary>The part of <see cref="CostMicros"/> that is reserved and not settled yet.</summary>
    public long ReservedMicros { get; set; }

    /// <summary>The month's money that was allowed when the last call was granted; a day's row carries it too.</summary>
    public long CapMicros { get; set; }
}

/// <summary>Stored as text.</summary>
public enum BudgetWindowKind
{
    Day,
    Month,
}
