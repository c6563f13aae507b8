using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Reads the budget without locking it.</summary>
internal sealed class BudgetReading(ShabouContext context, IOptionsSnapshot<PlacesBudgetOptions> options)
{
    /// <returns>The budget, and the switch's revision for its ETag.</returns>
    public async Task<(BudgetView Budget, uint Revision)> ReadAsync(CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var now = await LedgerClock.ReadAsync(context, sku: "", idempotencyKey: "", cancellationToken);
        var budget = await context.BudgetSwitches.AsNoTracking().SingleAsync(s => s.Scope == BudgetSwitch.Places, cancellationToken);
        var windows = await context.BudgetWindows.AsNoTracking()
            .Where(w => w.Scope == BudgetSwitch.Places && (w.Key == now.Day || w.Key == now.Month))
            .ToListAsync(cancellationToken);
        var day = windows.SingleOrDefault(w => w.Kind == BudgetWindowKind.Day && w.Key == now.Day);
        var month = windows.SingleOrDefault(w => w.Kind == BudgetWindowKind.Month);
        var prices = limits.Prices
            .Select(price => new PriceView(price.Key, price.Value.MicrosPerCall, price.Value.FreePerMonth, price.Value.ReadOn))
            .OrderBy(price => price.Sku, StringComparer.Ordinal).ToList();
        return (new(
            budget.Killed, budget.Reason, budget.ChangedBy, budget.ChangedAt,
            View(day, now.Day, now.DayCap(limits), now.NextDay), View(month, now.Month, now.MonthCap(limits), now.NextMonth), prices), (uint)budget.Revision);
    }

    private static WindowView View(BudgetWindow? window, DateOnly key, int cap, DateTimeOffset resetsAt) => window is null
        ? new(key, cap, 0, 0, cap, 0, resetsAt)
        : new(key, cap, window.Used, window.Reserved, Math.Max(0, cap - window.Used - window.Reserved), window.CostMicros, resetsAt);
}
