using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Shabou.Schema;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Grants paid calls of Google Places, one reservation each, from a ledger in PostgreSQL that all replicas share.</summary>
/// <remarks>A reservation is durable before its call is made. It ends as spent (whatever came of the call), as released (nothing was
/// sent), or, when its holder vanished, as assumed spent: a crash never gives money back. Days and months are those of
/// America/Los_Angeles by the database's clock, as Google bills.</remarks>
public sealed partial class PlacesBudget(
    IServiceScopeFactory scopes, IOptionsMonitor<PlacesBudgetOptions> options, TimeProvider time, ILogger<PlacesBudget> logger)
{
    private static readonly TimeSpan LedgerRetry = TimeSpan.FromSeconds(10);

    /// <summary>Reserves one call from today's and this month's allowance, or from neither.</summary>
    /// <param name="sku">What will be called, see <see cref="PlacesSku"/>.</param>
    /// <param name="idempotencyKey">What the call is for, at most 200 characters. A further reservation for the same thing is its next attempt, and
    /// an earlier one that nobody settled counts as spent from then on.</param>
    /// <param name="jobId">The job that the call is part of.</param>
    /// <param name="cancellationToken">Stops waiting; a reservation already made lapses and counts as spent.</param>
    /// <returns>Never throws for a database that is away: that is <see cref="DenialReason.LedgerDown"/>.</returns>
    public async Task<BudgetDecision> ReserveAsync(string sku, string idempotencyKey, Guid? jobId, CancellationToken cancellationToken)
    {
        var limits = options.CurrentValue;
        if (!limits.Prices.TryGetValue(sku, out var price)) return Deny(sku, new(DenialReason.UnknownSku));
        var wish = new LedgerWish(Guid.CreateVersion7(time.GetUtcNow()), sku, idempotencyKey, jobId, price, limits);
        try
        {
            var decision = await InLedgerAsync((ledger, token) => ledger.ReserveAsync(wish, token), cancellationToken);
            return decision switch
            {
                LedgerGrant grant => Grant(wish, grant),
                LedgerDenial denial => Deny(sku, new(denial.Reason, denial.RetryAt)),
                _ => throw new InvalidOperationException($"Unknown decision {decision}."),
            };
        }
        catch (Exception error) when (IsLedgerDown(error) && !cancellationToken.IsCancellationRequested)
        {
            LogLedgerDown(error.Message);
            return Deny(sku, new(DenialReason.LedgerDown, time.GetUtcNow() + LedgerRetry));
        }
    }

    /// <summary>Settles a call that was made, or may have been: spent. Doing it again changes nothing.</summary>
    /// <param name="reservation">Its reservation.</param>
    /// <param name="outcome">How it ended, for example "200" or "timeout", at most 60 characters.</param>
    /// <returns>False when the ledger could not be reached; the reservation then lapses, which is spent too.</returns>
    public Task<bool> CommitAsync(Reservation reservation, string outcome)
    {
        BudgetTelemetry.Settled(reservation.Sku, outcome);
        // Money already spent is written down even when nobody waits for the answer any more: no token.
        return SettleAsync(ledger => ledger.CommitAsync(reservation.Id, outcome));
    }

    /// <summary>Gives back a reservation whose request was never sent. The reservation itself proves that: one that was sent stays spent.</summary>
    /// <returns>True when given back.</returns>
    public async Task<bool> ReleaseAsync(Reservation reservation)
    {
        if (!reservation.TryVoid()) return false;
        BudgetTelemetry.Settled(reservation.Sku, "released");
        return await SettleAsync(ledger => ledger.ReleaseAsync(reservation.Id));
    }

    /// <summary>Counts reservations that nobody settled in time as spent.</summary>
    /// <returns>How many.</returns>
    public Task<int> WriteOffLapsedAsync(CancellationToken cancellationToken) =>
        InLedgerAsync((ledger, token) => ledger.WriteOffLapsedAsync(token), cancellationToken);

    private static BudgetDecision.Granted Grant(LedgerWish wish, LedgerGrant grant) =>
        new(new Reservation(wish.Id, wish.Sku, grant.ExpiresAt), grant.LeftToday, grant.LeftThisMonth);

    private BudgetDecision.Denied Deny(string sku, BudgetDecision.Denied denial)
    {
        BudgetTelemetry.Denied(sku, denial.Reason);
        LogDenied(sku, denial.Reason, denial.RetryAt);
        return denial;
    }

    private async Task<bool> SettleAsync(Func<BudgetLedger, Task> settle)
    {
        try
        {
            await InLedgerAsync(async (ledger, _) =>
            {
                await settle(ledger);
                return true;
            }, CancellationToken.None);
            return true;
        }
        catch (Exception error) when (IsLedgerDown(error))
        {
            LogNotSettled(error.Message);
            return false;
        }
    }

    private async Task<T> InLedgerAsync<T>(Func<BudgetLedger, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.CurrentValue.LedgerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(token);
                var ledger = await BudgetLedger.LockAsync(context, token);
                var result = await use(ledger, token);
                if (result is not LedgerDenial) await transaction.CommitAsync(token);
                return result;
            },
            either.Token);
    }

    // A cancellation that the caller did not ask for is the ledger's own timeout.
    private static bool IsLedgerDown(Exception error) =>
        error is DbException or DbUpdateException or RetryLimitExceededException or TimeoutException or OperationCanceledException or LedgerMissingException;

    [LoggerMessage(LogLevel.Warning, "Denied a {Sku} call: {Reason}, try again at {RetryAt}")]
    private partial void LogDenied(string sku, DenialReason reason, DateTimeOffset? retryAt);

    [LoggerMessage(LogLevel.Error, "The budget's ledger cannot be reached, so no paid call is made: {Reason}")]
    private partial void LogLedgerDown(string reason);

    [LoggerMessage(LogLevel.Error, "A call could not be settled; it counts as spent when its reservation lapses: {Reason}")]
    private partial void LogNotSettled(string reason);
}
