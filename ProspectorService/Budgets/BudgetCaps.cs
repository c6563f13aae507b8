namespace Shabou.ProspectorService.Budgets;

/// <summary>How much may be spent.</summary>
/// <param name="CallsPerDay">Of a day of America/Los_Angeles, and of any 24 hours.</param>
/// <param name="CallsPerMonth">Of a month of America/Los_Angeles.</param>
/// <param name="MicrosPerMonth">Millionths of a US dollar.</param>
internal sealed record BudgetCaps(int CallsPerDay, int CallsPerMonth, long MicrosPerMonth)
{
    /// <summary>What no administrator and no configuration passes.</summary>
    public static readonly BudgetCaps HardMost = new(PlacesBudgetOptions.HardMostPerDay, PlacesBudgetOptions.HardMostPerMonth, PlacesBudgetOptions.HardMostMicrosPerMonth);

    public static BudgetCaps Configured(PlacesBudgetOptions options) => new(options.CallsPerDay, options.CallsPerMonth, options.MicrosPerMonth);

    /// <summary>The caps that count now, by the ledger's own clock.</summary>
    public static BudgetCaps Effective(PlacesBudgetOptions options, LedgerState state) => new(
        (int)Effective(options.CallsPerDay, state.CallsPerDay, HardMost.CallsPerDay, state),
        (int)Effective(options.CallsPerMonth, state.CallsPerMonth, HardMost.CallsPerMonth, state),
        Effective(options.MicrosPerMonth, state.MicrosPerMonth, HardMost.MicrosPerMonth, state));

    // Lower counts until it is changed; higher only while it is allowed to, and then the configured one counts again by itself.
    private static long Effective(long configured, long? own, long hardMost, LedgerState state) => own switch
    {
        null => configured,
        { } lower when lower <= configured => lower,
        { } raised when state.Now < state.RaisedUntil => Math.Min(raised, hardMost),
        _ => configured,
    };
}
