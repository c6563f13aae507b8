using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.Schema.Ops;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Reads the budget without locking it.</summary>
internal sealed class BudgetReading(ShabouContext context, IOptionsSnapshot<PlacesBudgetOptions> options)
{
    private const int MostAlerts = 50;

    /// <returns>The budget, and the switch's revision for its ETag.</returns>
    public async Task<(BudgetView Budget, uint Revision)> ReadAsync(CancellationToken cancellationToken)
    {
        var (limits, now) = (options.Value, await LedgerState.ReadAsync(context, sku: "", idempotencyKey: "", cancellationToken));
        var budget = await context.BudgetSwitches.AsNoTracking().SingleAsync(s => s.Scope == BudgetSwitch.Places, cancellationToken);
        var caps = BudgetCaps.Effective(limits, now);
        var view = new BudgetView(
            budget.Killed, budget.Reason, budget.ChangedBy, budget.ChangedAt,
            new(now.Day, caps.CallsPerDay, now.DayUsed, now.DayReserved, Math.Max(0, caps.CallsPerDay - now.DayUsed - now.DayReserved), now.DayMicros, now.NextDay),
            new(caps.CallsPerDay, now.LastDay, Math.Max(0, caps.CallsPerDay - now.LastDay)),
            new(now.Month, caps.CallsPerMonth, now.MonthUsed, now.MonthReserved, now.LeftThisMonth(caps), now.MonthMicros, now.NextMonth),
            new(caps.MicrosPerMonth, now.MonthMicros - now.ReservedMicros, now.ReservedMicros, now.LeftMicros(caps), now.NextMonth),
            Caps(limits, now, caps), await AlertsAsync(now, cancellationToken), Prices(limits, now));
        return (view, (uint)budget.Revision);
    }

    private static CapsView Caps(PlacesBudgetOptions limits, LedgerState now, BudgetCaps caps) => new(
        caps, BudgetCaps.Configured(limits), new(now.CallsPerDay, now.CallsPerMonth, now.MicrosPerMonth), BudgetCaps.HardMost, now.RaisedUntil > now.Now ? now.RaisedUntil : null);

    private static List<PriceView> Prices(PlacesBudgetOptions limits, LedgerState now) =>
    [
        .. limits.Prices
            .Select(p => new PriceView(p.Key, p.Value.MicrosPerCall, p.Value.FreePerMonth, p.Value.ReadOn, p.Value.AgeDays(now.Day), p.Value.IsStale(now.Day)))
            .OrderBy(price => price.Sku, StringComparer.Ordinal),
    ];

    private Task<List<AlertView>> AlertsAsync(LedgerState now, CancellationToken cancellationToken)
    {
        var subject = BudgetAlerts.Subject(now.Month);
        return context.Alerts
            .Where(a => a.Subject == subject && (a.Kind == BudgetAlerts.Threshold || a.Kind == BudgetAlerts.Drift))
            .OrderByDescending(a => a.CreatedAt).ThenBy(a => a.Id).Take(MostAlerts)
            .Select(a => new AlertView(
                a.Kind, a.Summary, a.Severity == AlertSeverity.Critical ? "critical" : a.Severity == AlertSeverity.Warning ? "warning" : "info", a.CreatedAt, a.SentAt))
            .ToListAsync(cancellationToken);
    }
}
