namespace Shabou.ProspectorService.Budgets;

/// <summary>What may be spent on Google Places, and what has been.</summary>
/// <param name="Killed">True: no calls are made.</param>
/// <param name="Reason">Why the switch is where it is.</param>
/// <param name="ChangedBy">The client that moved it.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Day">Today in America/Los_Angeles.</param>
/// <param name="Month">This month in America/Los_Angeles.</param>
/// <param name="Prices">What each kind of call costs.</param>
internal sealed record BudgetView(
    bool Killed, string Reason, string ChangedBy, DateTimeOffset ChangedAt, WindowView Day, WindowView Month, IReadOnlyList<PriceView> Prices);

/// <summary>One allowance.</summary>
/// <param name="Key">The day, or the month's first day.</param>
/// <param name="Cap">Calls allowed.</param>
/// <param name="Used">Calls made, and calls whose fate is unknown.</param>
/// <param name="Reserved">Calls under way.</param>
/// <param name="Left">Calls still allowed; zero when a cap was lowered below what is used.</param>
/// <param name="SpentMicros">Millionths of a US dollar, free calls at zero.</param>
/// <param name="ResetsAt">When the next window begins.</param>
internal sealed record WindowView(DateOnly Key, int Cap, int Used, int Reserved, int Left, long SpentMicros, DateTimeOffset ResetsAt);

/// <summary>The price of one kind of call.</summary>
internal sealed record PriceView(string Sku, long MicrosPerCall, int FreePerMonth, DateOnly ReadOn);

/// <summary>Moves the kill switch.</summary>
/// <param name="Killed">True stops all calls at once; those under way finish.</param>
/// <param name="Reason">For whoever finds it so: 1 to 500 characters.</param>
internal sealed record SwitchWrite(bool? Killed, string? Reason);
