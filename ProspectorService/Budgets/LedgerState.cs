using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What the ledger says in one statement: its clock, the switch, today's and this month's windows in America/Los_Angeles, the last 24 hours,
/// and the calls so far of a SKU and a key.</summary>
internal sealed record LedgerState
{
    public required long Version { get; init; }
    public required bool Killed { get; init; }
    public required int? CallsPerDay { get; init; }
    public required int? CallsPerMonth { get; init; }
    public required long? MicrosPerMonth { get; init; }
    public required DateTimeOffset? RaisedUntil { get; init; }

    public required DateTimeOffset Now { get; init; }
    public required DateOnly Day { get; init; }
    public required DateOnly Month { get; init; }
    public required DateTimeOffset NextDay { get; init; }
    public required DateTimeOffset NextMonth { get; init; }

    public required int DayUsed { get; init; }
    public required int DayReserved { get; init; }
    public required long DayMicros { get; init; }
    public required int MonthUsed { get; init; }
    public required int MonthReserved { get; init; }

    /// <summary>This month's money, reserved calls included.</summary>
    public required long MonthMicros { get; init; }

    /// <summary>The part of it that is reserved.</summary>
    public required long ReservedMicros { get; init; }

    /// <summary>Calls that may have been on the wire within the last 24 hours: a call is, from its grant, until its reservation expires.</summary>
    public required int LastDay { get; init; }

    /// <summary>This month's calls of the SKU asked for: they decide which are free.</summary>
    public required int CallsOfSku { get; init; }

    /// <summary>Reservations so far under the key asked for.</summary>
    public required int Attempts { get; init; }

    public int LeftToday(BudgetCaps caps) => Math.Max(0, Math.Min(caps.CallsPerDay - DayUsed - DayReserved, caps.CallsPerDay - LastDay));

    public int LeftThisMonth(BudgetCaps caps) => Math.Max(0, caps.CallsPerMonth - MonthUsed - MonthReserved);

    public long LeftMicros(BudgetCaps caps) => Math.Max(0, caps.MicrosPerMonth - MonthMicros);

    /// <summary>Reads the clock in a statement of its own, so that time spent waiting for the lock does not make it old.</summary>
    /// <param name="context">The database.</param>
    /// <param name="sku">Whose calls to count; empty for none.</param>
    /// <param name="idempotencyKey">Whose attempts to count; empty for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LedgerMissingException">There is no switch row.</exception>
    public static async Task<LedgerState> ReadAsync(ShabouContext context, string sku, string idempotencyKey, CancellationToken cancellationToken)
    {
        var state = await context.Database.SqlQuery<LedgerState>($"""
            SELECT s.ledger_version AS "Version", s.killed AS "Killed", s.calls_per_day AS "CallsPerDay", s.calls_per_month AS "CallsPerMonth",
                s.micros_per_month AS "MicrosPerMonth", s.raised_until AS "RaisedUntil", n.now AS "Now", d.day AS "Day", m.month AS "Month",
                (d.day + 1)::timestamp AT TIME ZONE 'America/Los_Angeles' AS "NextDay",
                (m.month + interval '1 month')::timestamp AT TIME ZONE 'America/Los_Angeles' AS "NextMonth",
                COALESCE(dw.used, 0) AS "DayUsed", COALESCE(dw.reserved, 0) AS "DayReserved", COALESCE(dw.cost_micros, 0) AS "DayMicros",
                COALESCE(mw.used, 0) AS "MonthUsed", COALESCE(mw.reserved, 0) AS "MonthReserved",
                COALESCE(mw.cost_micros, 0) AS "MonthMicros", COALESCE(mw.reserved_micros, 0) AS "ReservedMicros",
                (SELECT COALESCE(sum(units), 0)::int FROM prospector.budget_reservations
                    WHERE scope = s.scope AND state <> 'Released' AND expires_at > n.now - interval '24 hours') AS "LastDay",
                (SELECT COALESCE(sum(units), 0)::int FROM prospector.budget_reservations WHERE sku = {sku} AND month_key = m.month AND state <> 'Released') AS "CallsOfSku",
                (SELECT COALESCE(max(attempt), 0) FROM prospector.budget_reservations WHERE idempotency_key = {idempotencyKey}) AS "Attempts"
            FROM prospector.budget_switch s
                CROSS JOIN LATERAL (SELECT prospector.budget_now() AS now) n
                CROSS JOIN LATERAL (SELECT GREATEST((n.now AT TIME ZONE 'America/Los_Angeles')::date, s.last_day) AS day) d
                CROSS JOIN LATERAL (SELECT date_trunc('month', d.day)::date AS month) m
                LEFT JOIN prospector.budget_windows dw ON dw.scope = s.scope AND dw.kind = 'Day' AND dw.key = d.day
                LEFT JOIN prospector.budget_windows mw ON mw.scope = s.scope AND mw.kind = 'Month' AND mw.key = m.month
            WHERE s.scope = {BudgetSwitch.Places}
            """).ToListAsync(cancellationToken);
        return state.Count == 1 ? state[0] : throw new LedgerMissingException();
    }
}
