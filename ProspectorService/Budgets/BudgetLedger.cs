using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What is wanted from the ledger.</summary>
internal sealed record LedgerWish(Guid Id, string Sku, string IdempotencyKey, Guid? JobId, SkuPrice Price, PlacesBudgetOptions Limits);

/// <summary>The wish was written down.</summary>
internal sealed record LedgerGrant(DateTimeOffset ExpiresAt, int LeftToday, int LeftThisMonth);

/// <summary>The wish was refused: the transaction is rolled back.</summary>
internal sealed record LedgerDenial(DenialReason Reason, DateTimeOffset? RetryAt = null);

/// <summary>The switch row that a migration brings is gone: nobody may spend.</summary>
internal sealed class LedgerMissingException() : Exception("prospector.budget_switch has no row 'places'; run Migrator, or insert it again.");

/// <summary>The statements of the ledger, inside a transaction that holds the switch row: one change after the other, in whatever process.</summary>
internal sealed class BudgetLedger
{
    private const string Scope = BudgetSwitch.Places;
    private readonly ShabouContext _context;

    private BudgetLedger(ShabouContext context) => _context = context;

    /// <summary>Locks the switch row. Call it first in a transaction.</summary>
    public static async Task<BudgetLedger> LockAsync(ShabouContext context, CancellationToken cancellationToken)
    {
        // A grant must be on disk before its call is made, whatever the server's default is.
        await context.Database.ExecuteSqlAsync($"SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '10s'", cancellationToken);
        var locked = await context.Database.SqlQuery<string>($"""SELECT scope AS "Value" FROM prospector.budget_switch WHERE scope = {Scope} FOR UPDATE""").ToListAsync(cancellationToken);
        return locked.Count == 1 ? new(context) : throw new LedgerMissingException();
    }

    /// <returns><see cref="LedgerGrant"/> or <see cref="LedgerDenial"/>.</returns>
    public async Task<object> ReserveAsync(LedgerWish wish, CancellationToken cancellationToken)
    {
        var now = await LedgerClock.ReadAsync(_context, wish.Sku, wish.IdempotencyKey, cancellationToken);
        if (now.Killed) return new LedgerDenial(DenialReason.Killed);
        var dayCap = now.DayCap(wish.Limits);
        var monthCap = now.MonthCap(wish.Limits);
        var cost = now.CallsOfSku < wish.Price.FreePerMonth ? 0 : wish.Price.MicrosPerCall;
        var expires = now.Now + wish.Limits.ReservationLifetime;

        await OpenWindowsAsync(now, cancellationToken);
        // Both windows or neither, always the day first.
        if (await TakeAsync(BudgetWindowKind.Day, now.Day, dayCap, cost, cancellationToken) is not { } leftToday)
            return new LedgerDenial(DenialReason.DayCap, now.NextDay);
        if (await TakeAsync(BudgetWindowKind.Month, now.Month, monthCap, cost, cancellationToken) is not { } leftThisMonth)
            return new LedgerDenial(DenialReason.MonthCap, now.NextMonth);

        if (now.Attempts > 0) await WriteOffAsync(wish.IdempotencyKey, "superseded", cancellationToken);
        await _context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.budget_reservations
                (id, scope, idempotency_key, attempt, sku, units, day_key, month_key, state, cost_micros, job_id, reserved_at, expires_at)
            VALUES ({wish.Id}, {Scope}, {wish.IdempotencyKey}, {now.Attempts + 1}, {wish.Sku}, 1, {now.Day}, {now.Month}, 'Reserved', {cost}, {wish.JobId}, {now.Now}, {expires})
            """, cancellationToken);
        return new LedgerGrant(expires, leftToday, leftThisMonth);
    }

    /// <summary>Spent. A call that was written off already is spent already: only its outcome is noted.</summary>
    public async Task CommitAsync(Guid id, string outcome)
    {
        if (await SettleAsync(id, "Reserved", "Committed", outcome) is { } row) await MoveAsync(row, used: row.Units, reserved: -row.Units, cost: 0);
        else await SettleAsync(id, "AssumedSpent", "Committed", outcome);
    }

    /// <summary>Given back, unless it was written off before: a crash never gives money back.</summary>
    public async Task ReleaseAsync(Guid id)
    {
        if (await SettleAsync(id, "Reserved", "Released", "not sent") is { } row) await MoveAsync(row, used: 0, reserved: -row.Units, cost: -row.CostMicros);
    }

    /// <returns>How many reservations had lapsed.</returns>
    public Task<int> WriteOffLapsedAsync(CancellationToken cancellationToken) => WriteOffAsync(idempotencyKey: null, "lapsed", cancellationToken);

    private Task<int> OpenWindowsAsync(LedgerClock now, CancellationToken cancellationToken) => _context.Database.ExecuteSqlAsync($"""
        INSERT INTO prospector.budget_windows (scope, kind, key, used, reserved, cap, cost_micros)
        VALUES ({Scope}, 'Day', {now.Day}, 0, 0, 0, 0), ({Scope}, 'Month', {now.Month}, 0, 0, 0, 0)
        ON CONFLICT DO NOTHING;
        UPDATE prospector.budget_switch SET last_day = {now.Day} WHERE scope = {Scope} AND last_day IS DISTINCT FROM {now.Day}
        """, cancellationToken);

    /// <returns>What is left after taking one; null when there was none to take.</returns>
    private async Task<int?> TakeAsync(BudgetWindowKind kind, DateOnly key, int cap, long cost, CancellationToken cancellationToken)
    {
        var left = await _context.Database.SqlQuery<int>($"""
            UPDATE prospector.budget_windows SET reserved = reserved + 1, cap = {cap}, cost_micros = cost_micros + {cost}
            WHERE scope = {Scope} AND kind = {kind.ToString()} AND key = {key} AND used + reserved + 1 <= {cap}
            RETURNING cap - used - reserved AS "Value"
            """).ToListAsync(cancellationToken);
        return left.Count == 1 ? left[0] : null;
    }

    private async Task<SettledRow?> SettleAsync(Guid id, string from, string to, string outcome)
    {
        var rows = await _context.Database.SqlQuery<SettledRow>($"""
            UPDATE prospector.budget_reservations SET state = {to}, outcome = {outcome}, settled_at = clock_timestamp()
            WHERE id = {id} AND state = {from}
            RETURNING units AS "Units", cost_micros AS "CostMicros", day_key AS "Day", month_key AS "Month"
            """).ToListAsync();
        return rows.SingleOrDefault();
    }

    private async Task MoveAsync(SettledRow row, int used, int reserved, long cost)
    {
        var moved = await _context.Database.ExecuteSqlAsync($"""
            UPDATE prospector.budget_windows SET used = used + {used}, reserved = reserved + {reserved}, cost_micros = cost_micros + {cost}
            WHERE scope = {Scope} AND ((kind = 'Day' AND key = {row.Day}) OR (kind = 'Month' AND key = {row.Month}))
            """);
        if (moved != 2) throw new InvalidOperationException($"The ledger has {moved} of the windows {row.Day:O} and {row.Month:O}; both must be there.");
    }

    // A window keeps what was reserved: it only changes its column, so writing off opens no room.
    private async Task<int> WriteOffAsync(string? idempotencyKey, string why, CancellationToken cancellationToken)
    {
        var count = await _context.Database.SqlQuery<int>($"""
            WITH lapsed AS (
                UPDATE prospector.budget_reservations SET state = 'AssumedSpent', outcome = {why}, settled_at = clock_timestamp()
                WHERE scope = {Scope} AND state = 'Reserved'
                  AND (idempotency_key = {idempotencyKey}::text OR ({idempotencyKey}::text IS NULL AND expires_at < clock_timestamp()))
                RETURNING units, day_key, month_key),
            sums AS (
                SELECT 'Day' AS kind, day_key AS key, sum(units) AS units FROM lapsed GROUP BY day_key
                UNION ALL SELECT 'Month', month_key, sum(units) FROM lapsed GROUP BY month_key),
            moved AS (
                UPDATE prospector.budget_windows w SET used = w.used + s.units, reserved = w.reserved - s.units
                FROM sums s WHERE w.scope = {Scope} AND w.kind = s.kind AND w.key = s.key)
            SELECT count(*)::int AS "Value" FROM lapsed
            """).ToListAsync(cancellationToken);
        return count.Single();
    }

    private sealed record SettledRow(int Units, long CostMicros, DateOnly Day, DateOnly Month);
}
