using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>The wish was written down.</summary>
internal sealed record LedgerGrant(DateTimeOffset ExpiresAt, LedgerState After, BudgetCaps Caps);

/// <summary>The wish was refused: the transaction is rolled back.</summary>
internal sealed record LedgerDenial(DenialReason Reason, DateTimeOffset? RetryAt = null);

/// <summary>The switch row that a migration brings is gone: nobody may spend.</summary>
internal sealed class LedgerMissingException() : Exception("prospector.budget_switch has no row 'places'; run Migrator, or insert it again.");

/// <summary>The statements of the ledger, inside a transaction that holds the switch row: one change after the other, in whatever process.</summary>
internal sealed class BudgetLedger
{
    private const string Scope = BudgetSwitch.Places;
    private static readonly TimeSpan ClockRetry = TimeSpan.FromMinutes(1);
    private readonly ShabouContext _context;

    private BudgetLedger(ShabouContext context) => _context = context;

    /// <summary>Locks the switch row, and counts the change that is coming. Call it first in a transaction.</summary>
    /// <exception cref="LedgerMissingException">There is no switch row.</exception>
    public static async Task<BudgetLedger> LockAsync(ShabouContext context, CancellationToken cancellationToken)
    {
        // A grant must be on disk before its call is made, whatever the server's default is.
        await context.Database.ExecuteSqlAsync($"SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '10s'", cancellationToken);
        var locked = await context.Database.ExecuteSqlAsync($"UPDATE prospector.budget_switch SET ledger_version = ledger_version + 1 WHERE scope = {Scope}", cancellationToken);
        return locked == 1 ? new(context) : throw new LedgerMissingException();
    }

    public Task<LedgerState> ReadAsync(CancellationToken cancellationToken) => LedgerState.ReadAsync(_context, sku: "", idempotencyKey: "", cancellationToken);

    /// <param name="id">Of the new reservation.</param>
    /// <param name="wish">What is wanted.</param>
    /// <param name="limits">Caps, prices and times.</param>
    /// <param name="time">Our clock, to be held against the ledger's.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns><see cref="LedgerGrant"/> or <see cref="LedgerDenial"/>.</returns>
    public async Task<object> ReserveAsync(Guid id, BudgetWish wish, PlacesBudgetOptions limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var now = await LedgerState.ReadAsync(_context, wish.Sku, wish.IdempotencyKey, cancellationToken);
        if (now.Killed) return new LedgerDenial(DenialReason.Killed);
        if (now.Now < asked - PlacesBudgetOptions.MostClockSkew || now.Now > time.GetUtcNow() + PlacesBudgetOptions.MostClockSkew)
            return new LedgerDenial(DenialReason.ClockSuspect, now.Now + ClockRetry);
        if (!limits.Prices.TryGetValue(wish.Sku, out var price)) return new LedgerDenial(DenialReason.UnknownSku);
        if (price.IsStale(now.Day)) return new LedgerDenial(DenialReason.StalePrice);
        var (caps, cost) = (BudgetCaps.Effective(limits, now), price.Cost(now.CallsOfSku, wish.Units));
        if (await TakeAsync(now, caps, wish.Units, cost, cancellationToken) is { } denial) return denial;

        if (now.Attempts > 0) await WriteOffAsync(wish.IdempotencyKey, "superseded", cancellationToken);
        var expires = now.Now + (wish.Lifetime ?? limits.ReservationLifetime);
        await _context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.budget_reservations
                (id, scope, idempotency_key, attempt, sku, units, day_key, month_key, state, cost_micros, job_id, reserved_at, expires_at)
            VALUES ({id}, {Scope}, {wish.IdempotencyKey}, {now.Attempts + 1}, {wish.Sku}, {wish.Units}, {now.Day}, {now.Month}, 'Reserved', {cost}, {wish.JobId}, {now.Now}, {expires})
            """, cancellationToken);
        var after = await ReadAsync(cancellationToken);
        if (cost > 0) await BudgetAlerts.TellAsync(_context, after, caps, limits.Thresholds, cancellationToken);
        return new LedgerGrant(expires, after, caps);
    }

    /// <summary>Spent. A call that was written off already is spent already: only its outcome is noted.</summary>
    public async Task CommitAsync(Guid id, string outcome)
    {
        if (await SettleAsync(id, "Reserved", "Committed", outcome) is { } row) await MoveAsync(row, used: row.Units, cost: 0);
        else await SettleAsync(id, "AssumedSpent", "Committed", outcome);
    }

    /// <summary>Given back, unless it was written off before: a crash never gives money back.</summary>
    public async Task ReleaseAsync(Guid id)
    {
        if (await SettleAsync(id, "Reserved", "Released", "not sent") is { } row) await MoveAsync(row, used: 0, cost: -row.CostMicros);
    }

    /// <returns>How many reservations had lapsed.</returns>
    public Task<int> WriteOffLapsedAsync(CancellationToken cancellationToken) => WriteOffAsync(idempotencyKey: null, "lapsed", cancellationToken);

    // Both windows or neither, always the day first.
    private async Task<LedgerDenial?> TakeAsync(LedgerState now, BudgetCaps caps, int units, long cost, CancellationToken cancellationToken)
    {
        if (now.LastDay + units > caps.CallsPerDay) return await DayIsFullAsync(now, caps, units, cancellationToken);
        await _context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.budget_windows (scope, kind, key, used, reserved, cap, cost_micros, reserved_micros, cap_micros)
            VALUES ({Scope}, 'Day', {now.Day}, 0, 0, 0, 0, 0, 0), ({Scope}, 'Month', {now.Month}, 0, 0, 0, 0, 0, 0)
            ON CONFLICT DO NOTHING;
            UPDATE prospector.budget_switch SET last_day = {now.Day} WHERE scope = {Scope} AND last_day IS DISTINCT FROM {now.Day}
            """, cancellationToken);
        if (!await TakeAsync(BudgetWindowKind.Day, now.Day, caps.CallsPerDay, units, cost, caps, cancellationToken))
            return now.LeftToday(caps) < units ? await DayIsFullAsync(now, caps, units, cancellationToken) : new(DenialReason.MoneyCap, now.NextMonth);
        if (!await TakeAsync(BudgetWindowKind.Month, now.Month, caps.CallsPerMonth, units, cost, caps, cancellationToken))
            return new(now.LeftThisMonth(caps) < units ? DenialReason.MonthCap : DenialReason.MoneyCap, now.NextMonth);
        return null;
    }

    private async Task<bool> TakeAsync(BudgetWindowKind kind, DateOnly key, int cap, int units, long cost, BudgetCaps caps, CancellationToken cancellationToken) =>
        await _context.Database.ExecuteSqlAsync($"""
            UPDATE prospector.budget_windows
            SET reserved = reserved + {units}, cap = {cap}, cost_micros = cost_micros + {cost}, reserved_micros = reserved_micros + {cost}, cap_micros = {caps.MicrosPerMonth}
            WHERE scope = {Scope} AND kind = {kind.ToString()} AND key = {key} AND used + reserved + {units} <= {cap} AND cost_micros + {cost} <= {caps.MicrosPerMonth}
            """, cancellationToken) == 1;

    // Midnight is not enough when the calls were made in the evening: then as many of them must be a day old as are wanted.
    private async Task<LedgerDenial> DayIsFullAsync(LedgerState now, BudgetCaps caps, int units, CancellationToken cancellationToken)
    {
        if (units > caps.CallsPerDay) return new(DenialReason.DayCap, now.NextDay);
        var free = await _context.Database.SqlQuery<DateTimeOffset?>($"""
            SELECT min(expires_at) + interval '24 hours' AS "Value"
            FROM (
                SELECT expires_at, sum(units) OVER (ORDER BY expires_at, id) AS freed FROM prospector.budget_reservations
                WHERE scope = {Scope} AND state <> 'Released' AND expires_at > {now.Now} - interval '24 hours') calls
            WHERE freed >= {now.LastDay + units - caps.CallsPerDay}
            """).SingleAsync(cancellationToken);
        var midnight = now.DayUsed + now.DayReserved + units > caps.CallsPerDay ? now.NextDay : now.Now;
        return new(DenialReason.DayCap, now.LastDay + units > caps.CallsPerDay && free > midnight ? free : midnight);
    }

    private async Task<SettledRow?> SettleAsync(Guid id, string from, string to, string outcome)
    {
        var rows = await _context.Database.SqlQuery<SettledRow>($"""
            UPDATE prospector.budget_reservations SET state = {to}, outcome = {outcome}, settled_at = prospector.budget_now()
            WHERE id = {id} AND state = {from}
            RETURNING units AS "Units", cost_micros AS "CostMicros", day_key AS "Day", month_key AS "Month"
            """).ToListAsync();
        return rows.SingleOrDefault();
    }

    private async Task MoveAsync(SettledRow row, int used, long cost)
    {
        var moved = await _context.Database.ExecuteSqlAsync($"""
            UPDATE prospector.budget_windows
            SET used = used + {used}, reserved = reserved - {row.Units}, cost_micros = cost_micros + {cost}, reserved_micros = reserved_micros - {row.CostMicros}
            WHERE scope = {Scope} AND ((kind = 'Day' AND key = {row.Day}) OR (kind = 'Month' AND key = {row.Month}))
            """);
        if (moved != 2) throw new InvalidOperationException($"The ledger has {moved} of the windows {row.Day:O} and {row.Month:O}; both must be there.");
    }

    // A window keeps what was reserved: it only changes its column, so writing off opens no room.
    private async Task<int> WriteOffAsync(string? idempotencyKey, string why, CancellationToken cancellationToken)
    {
        var count = await _context.Database.SqlQuery<int>($"""
            WITH lapsed AS (
                UPDATE prospector.budget_reservations SET state = 'AssumedSpent', outcome = {why}, settled_at = prospector.budget_now()
                WHERE scope = {Scope} AND state = 'Reserved'
                  AND (idempotency_key = {idempotencyKey}::text OR ({idempotencyKey}::text IS NULL AND expires_at < prospector.budget_now()))
                RETURNING units, cost_micros, day_key, month_key),
            sums AS (
                SELECT 'Day' AS kind, day_key AS key, sum(units) AS units, sum(cost_micros) AS cost FROM lapsed GROUP BY day_key
                UNION ALL SELECT 'Month', month_key, sum(units), sum(cost_micros) FROM lapsed GROUP BY month_key),
            moved AS (
                UPDATE prospector.budget_windows w SET used = w.used + s.units, reserved = w.reserved - s.units, reserved_micros = w.reserved_micros - s.cost
                FROM sums s WHERE w.scope = {Scope} AND w.kind = s.kind AND w.key = s.key)
            SELECT count(*)::int AS "Value" FROM lapsed
            """).ToListAsync(cancellationToken);
        return count.Single();
    }

    private sealed record SettledRow(int Units, long CostMicros, DateOnly Day, DateOnly Month);
}
