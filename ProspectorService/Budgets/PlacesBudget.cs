using Microsoft.Extensions.Options;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Grants paid calls of Google Places, one reservation each, from a ledger in PostgreSQL that all replicas share.</summary>
/// <remarks>A reservation is durable before its call is made. It ends as spent (whatever came of the call), as released (nothing was
/// sent), or, when its holder vanished, as assumed spent: a crash never gives money back. Days and months are those of
/// America/Los_Angeles by the database's clock, as Google bills; the calls of any 24 hours are within a day's cap too.</remarks>
public sealed partial class PlacesBudget
{
    private static readonly TimeSpan LedgerRetry = TimeSpan.FromSeconds(10);
    private readonly LedgerTransactions _ledger;
    private readonly BudgetTelemetry _telemetry;
    private readonly IOptionsMonitor<PlacesBudgetOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PlacesBudget> _logger;

    internal PlacesBudget(LedgerTransactions ledger, BudgetTelemetry telemetry, IOptionsMonitor<PlacesBudgetOptions> options, TimeProvider time, ILogger<PlacesBudget> logger) =>
        (_ledger, _telemetry, _options, _time, _logger) = (ledger, telemetry, options, time, logger);

    /// <summary>Reserves one call of one unit, see <see cref="ReserveAsync(BudgetWish, CancellationToken)"/>.</summary>
    public Task<BudgetDecision> ReserveAsync(string sku, string idempotencyKey, Guid? jobId, CancellationToken cancellationToken) =>
        ReserveAsync(new BudgetWish(sku, idempotencyKey, jobId), cancellationToken);

    /// <summary>Reserves one call from the allowances of the day, the last 24 hours, the month and the month's money: from all, or from none.</summary>
    /// <param name="wish">The call.</param>
    /// <param name="cancellationToken">Stops waiting; a reservation already made lapses and counts as spent.</param>
    /// <returns>Never throws for a database that is away: that is <see cref="DenialReason.LedgerDown"/>.</returns>
    /// <exception cref="ArgumentException">The wish has no key, or one of its figures is out of range.</exception>
    public async Task<BudgetDecision> ReserveAsync(BudgetWish wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var decision = await AskAsync(wish, keep: true, cancellationToken);
        if (decision is BudgetDecision.Denied denied) _telemetry.Denied(wish.Sku, denied.Reason);
        return decision;
    }

    /// <summary>Says why a call would be denied now; null when it would be granted. Nothing is reserved, so the call itself may still be denied.</summary>
    /// <param name="sku">What would be called, see <see cref="PlacesSku"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<BudgetDecision.Denied?> FindObstacleAsync(string sku, CancellationToken cancellationToken) =>
        await AskAsync(new BudgetWish(sku, "obstacle?"), keep: false, cancellationToken) as BudgetDecision.Denied;

    /// <summary>Settles a call that was made, or may have been: spent, with all its units. Doing it again changes nothing.</summary>
    /// <param name="reservation">Its reservation.</param>
    /// <param name="outcome">How it ended, for example "200" or "timeout", at most 60 characters.</param>
    /// <returns>False when the ledger could not be reached; the reservation then lapses, which is spent too.</returns>
    public Task<bool> CommitAsync(Reservation reservation, string outcome)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        _telemetry.Settled(reservation.Sku, outcome);
        // Money already spent is written down even when nobody waits for the answer any more: no token.
        return SettleAsync(ledger => ledger.CommitAsync(reservation.Id, outcome));
    }

    /// <summary>Gives back a reservation whose request was never sent. The reservation itself proves that: one that was sent stays spent.</summary>
    /// <returns>True when given back.</returns>
    public async Task<bool> ReleaseAsync(Reservation reservation)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        if (!reservation.TryVoid()) return false;
        _telemetry.Settled(reservation.Sku, "released");
        return await SettleAsync(ledger => ledger.ReleaseAsync(reservation.Id));
    }

    /// <summary>Counts reservations that nobody settled in time as spent.</summary>
    /// <returns>How many.</returns>
    public Task<int> WriteOffLapsedAsync(CancellationToken cancellationToken) =>
        _ledger.RunAsync((ledger, _, token) => ledger.WriteOffLapsedAsync(token), keep: _ => true, cancellationToken);

    private async Task<BudgetDecision> AskAsync(BudgetWish wish, bool keep, CancellationToken cancellationToken)
    {
        var limits = _options.CurrentValue;
        wish.Check(limits.ReservationLifetime);
        var (id, started) = (Guid.CreateVersion7(_time.GetUtcNow()), _time.GetTimestamp());
        try
        {
            var answer = await _ledger.RunAsync(
                (ledger, _, token) => ledger.ReserveAsync(id, wish, limits, _time, token), keep: answer => keep && answer is LedgerGrant, cancellationToken);
            if (answer is LedgerDenial denial) return Deny(wish.Sku, denial);
            var (expiresAt, after, caps) = (LedgerGrant)answer;
            var lifetime = wish.Lifetime ?? limits.ReservationLifetime;
            // Counted from before the ledger was asked, so it ends here before it ends there.
            var reservation = new Reservation(id, wish.Sku, expiresAt, () => _time.GetElapsedTime(started) >= lifetime);
            return new BudgetDecision.Granted(reservation, after.LeftToday(caps), after.LeftThisMonth(caps), after.LeftMicros(caps));
        }
        catch (Exception error) when (LedgerTransactions.IsDown(error) && !cancellationToken.IsCancellationRequested)
        {
            LogLedgerDown(error.Message);
            return new BudgetDecision.Denied(DenialReason.LedgerDown, _time.GetUtcNow() + LedgerRetry);
        }
    }

    private BudgetDecision.Denied Deny(string sku, LedgerDenial denial)
    {
        LogDenied(sku, denial.Reason, denial.RetryAt);
        return new(denial.Reason, denial.RetryAt);
    }

    private async Task<bool> SettleAsync(Func<BudgetLedger, Task> settle)
    {
        try
        {
            return await _ledger.RunAsync(
                async (ledger, _, _) =>
                {
                    await settle(ledger);
                    return true;
                },
                keep: _ => true, CancellationToken.None);
        }
        catch (Exception error) when (LedgerTransactions.IsDown(error))
        {
            LogNotSettled(error.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Denied a {Sku} call: {Reason}, try again at {RetryAt}")]
    private partial void LogDenied(string sku, DenialReason reason, DateTimeOffset? retryAt);

    [LoggerMessage(LogLevel.Error, "The budget's ledger cannot be reached, so no paid call is made: {Reason}")]
    private partial void LogLedgerDown(string reason);

    [LoggerMessage(LogLevel.Error, "A call could not be settled; it counts as spent when its reservation lapses: {Reason}")]
    private partial void LogNotSettled(string reason);
}
