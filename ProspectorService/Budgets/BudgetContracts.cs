using System.Text.Json;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What may be spent on Google Places, and what has been.</summary>
/// <param name="Killed">True: no calls are made.</param>
/// <param name="Reason">Why switch or caps are where they are.</param>
/// <param name="ChangedBy">The client that moved them last.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Day">Today in America/Los_Angeles.</param>
/// <param name="Last24Hours">The last 24 hours, whatever the calendar says.</param>
/// <param name="Month">This month in America/Los_Angeles.</param>
/// <param name="Money">This month's money.</param>
/// <param name="Caps">Which caps count, and why.</param>
/// <param name="Alerts">What was said about this month.</param>
/// <param name="Prices">What each kind of call costs.</param>
internal sealed record BudgetView(
    bool Killed, string Reason, string ChangedBy, DateTimeOffset ChangedAt, WindowView Day, RollingView Last24Hours, WindowView Month, MoneyView Money,
    CapsView Caps, IReadOnlyList<AlertView> Alerts, IReadOnlyList<PriceView> Prices);

/// <summary>One allowance of calls.</summary>
/// <param name="Key">The day, or the month's first day.</param>
/// <param name="Cap">Calls allowed.</param>
/// <param name="Used">Calls made, and calls whose fate is unknown.</param>
/// <param name="Reserved">Calls under way.</param>
/// <param name="Left">Calls still allowed; zero when a cap was lowered below what is used.</param>
/// <param name="SpentMicros">Millionths of a US dollar, reserved calls included, free calls at zero.</param>
/// <param name="ResetsAt">When the next window begins.</param>
internal sealed record WindowView(DateOnly Key, int Cap, int Used, int Reserved, int Left, long SpentMicros, DateTimeOffset ResetsAt);

/// <summary>The calls of any 24 hours.</summary>
/// <param name="Cap">As for the day.</param>
/// <param name="Used">Calls that may have been made within them, reserved ones included.</param>
/// <param name="Left">Calls still allowed.</param>
internal sealed record RollingView(int Cap, int Used, int Left);

/// <summary>The month's money, in millionths of a US dollar.</summary>
internal sealed record MoneyView(long CapMicros, long UsedMicros, long ReservedMicros, long LeftMicros, DateTimeOffset ResetsAt);

/// <summary>Where the caps come from.</summary>
/// <param name="Effective">What counts now.</param>
/// <param name="Configured">What the service was started with.</param>
/// <param name="Own">What an administrator set instead; a null member is the configured one.</param>
/// <param name="HardMost">What nobody may pass.</param>
/// <param name="RaisedUntil">From then on a raised cap is the configured one again; null when none is raised.</param>
internal sealed record CapsView(BudgetCaps Effective, BudgetCaps Configured, OwnCaps Own, BudgetCaps HardMost, DateTimeOffset? RaisedUntil);

/// <summary>Caps that an administrator set.</summary>
internal sealed record OwnCaps(int? CallsPerDay, int? CallsPerMonth, long? MicrosPerMonth);

/// <summary>One alert about this month.</summary>
/// <param name="Kind">budget-threshold or budget-drift.</param>
/// <param name="Summary">What happened.</param>
/// <param name="Severity">info, warning or critical.</param>
/// <param name="CreatedAt">When it became true.</param>
/// <param name="SentAt">When the webhook took it; null while it is on its way.</param>
internal sealed record AlertView(string Kind, string Summary, string Severity, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

/// <summary>The price of one kind of call.</summary>
/// <param name="AgeDays">Days since it was read from Google's list.</param>
/// <param name="Stale">True: too old to be believed, and every call of it is denied.</param>
internal sealed record PriceView(string Sku, long MicrosPerCall, int FreePerMonth, DateOnly ReadOn, int AgeDays, bool Stale);

/// <summary>Moves the kill switch.</summary>
/// <param name="Killed">True stops all calls at once; those under way finish.</param>
/// <param name="Reason">For whoever finds it so: 1 to 500 characters.</param>
internal sealed record SwitchWrite(bool? Killed, string? Reason);

/// <summary>Replaces the caps that were set instead of the configured ones.</summary>
/// <param name="CallsPerDay">0 to 300; left out: as configured.</param>
/// <param name="CallsPerMonth">0 to 9,500; left out: as configured.</param>
/// <param name="MicrosPerMonth">Millionths of a US dollar, 0 to 500,000,000; left out: as configured.</param>
/// <param name="Until">Needed when a cap is above the configured one, which counts again from then on: at most 31 days ahead.</param>
/// <param name="Reason">1 to 500 characters.</param>
internal sealed record CapsWrite(int? CallsPerDay, int? CallsPerMonth, long? MicrosPerMonth, DateTimeOffset? Until, string? Reason);

/// <summary>One change of the switch or the caps.</summary>
/// <param name="At">When, by the database's clock.</param>
/// <param name="What">killed, revived, caps, or unchanged when only the reason is new.</param>
/// <param name="Actor">The client, or the database's login when it was done by hand.</param>
/// <param name="Reason">Why.</param>
/// <param name="TraceId">Of the request.</param>
/// <param name="Before">killed, callsPerDay, callsPerMonth, microsPerMonth, raisedUntil as they were.</param>
/// <param name="After">And as they are since.</param>
internal sealed record ChangeView(DateTimeOffset At, string What, string Actor, string Reason, string? TraceId, JsonElement Before, JsonElement After);
