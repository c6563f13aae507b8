using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What the database says about now: the switch, the windows in America/Los_Angeles, and the calls so far of a SKU and a key.</summary>
internal sealed record LedgerClock
{
    public required bool Killed { get; init; }
    public required int? CallsPerDay { get; init; }
    public required int? CallsPerMonth { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required DateOnly Day { get; init; }
    public required DateOnly Month { get; init; }
    public required DateTimeOffset NextDay { get; init; }
    public required DateTimeOffset NextMonth { get; init; }
    public required long CallsOfSku { get; init; }
    public required int Attempts { get; init; }

    /// <summary>The configured cap, or less when the switch row says so.</summary>
    public int DayCap(PlacesBudgetOptions limits) => Math.Min(limits.CallsPerDay, CallsPerDay ?? int.MaxValue);

    /// <summary>The configured cap, or less when the switch row says so.</summary>
    public int MonthCap(PlacesBudgetOptions limits) => Math.Min(limits.CallsPerMonth, CallsPerMonth ?? int.MaxValue);

    /// <summary>Reads the clock in a statement of its own, so that time spent waiting for the lock does not make it old.</summary>
    public static async Task<LedgerClock> ReadAsync(ShabouContext context, string sku, string idempotencyKey, CancellationToken cancellationToken)
    {
        var clock = await context.Database.SqlQuery<LedgerClock>($"""
            SELECT s.killed AS "Killed", s.calls_per_day AS "CallsPerDay", s.calls_per_month AS "CallsPerMonth", n.now AS "Now", d.day AS "Day", m.month AS "Month",
                (d.day + 1)::timestamp AT TIME ZONE 'America/Los_Angeles' AS "NextDay",
                (m.month + interval '1 month')::timestamp AT TIME ZONE 'America/Los_Angeles' AS "NextMonth",
                (SELECT COALESCE(sum(units), 0)::bigint FROM prospector.budget_reservations WHERE sku = {sku} AND month_key = m.month AND state <> 'Released') AS "CallsOfSku",
                (SELECT COALESCE(max(attempt), 0) FROM prospector.budget_reservations WHERE idempotency_key = {idempotencyKey}) AS "Attempts"
            FROM prospector.budget_switch s,
                LATERAL (SELECT clock_timestamp() AS now) n,
                LATERAL (SELECT GREATEST((n.now AT TIME ZONE 'America/Los_Angeles')::date, s.last_day) AS day) d,
                LATERAL (SELECT date_trunc('month', d.day)::date AS month) m
            WHERE s.scope = {BudgetSwitch.Places}
            """).ToListAsync(cancellationToken);
        return clock.Count == 1 ? clock[0] : throw new LedgerMissingException();
    }
}
