using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Shabou.Schema;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Runs changes of the ledger, each in a transaction of its own that holds the switch row, and passes on what it looked like after each.</summary>
internal sealed class LedgerTransactions(IServiceScopeFactory scopes, LedgerNews news, IOptionsMonitor<PlacesBudgetOptions> options, TimeProvider time) : IDisposable
{
    // They wait for each other in the database anyway; so they do not also take every connection.
    private const int MostAtOnce = 4;
    private readonly SemaphoreSlim _places = new(MostAtOnce, MostAtOnce);

    public void Dispose() => _places.Dispose();

    /// <param name="change">What to do. It may run again when the connection breaks.</param>
    /// <param name="keep">Whether its result is to be committed; else everything is as before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Exception">See <see cref="IsDown"/>.</exception>
    public async Task<T> RunAsync<T>(Func<BudgetLedger, ShabouContext, CancellationToken, Task<T>> change, Func<T, bool> keep, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.CurrentValue.LedgerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await _places.WaitAsync(either.Token);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
            var (result, state) = await context.Database.CreateExecutionStrategy().ExecuteAsync(
                async token =>
                {
                    await using var transaction = await context.Database.BeginTransactionAsync(token);
                    var ledger = await BudgetLedger.LockAsync(context, token);
                    var result = await change(ledger, context, token);
                    if (!keep(result)) return (result, null);
                    var state = await ledger.ReadAsync(token);
                    await transaction.CommitAsync(token);
                    return (result, (LedgerState?)state);
                },
                either.Token);
            if (state is not null) news.Tell(LedgerSnapshot.Of(state, options.CurrentValue));
            return result;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Whether an exception means that the ledger cannot be reached. A cancellation that the caller did not ask for is the ledger's own timeout.</summary>
    public static bool IsDown(Exception error) =>
        error is DbException or DbUpdateException or RetryLimitExceededException or TimeoutException or OperationCanceledException or LedgerMissingException;
}
