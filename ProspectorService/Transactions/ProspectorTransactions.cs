using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.ProspectorService.Transactions;

/// <summary>Several statements that happen together or not at all.</summary>
internal static class ProspectorTransactions
{
    /// <summary>Runs the work in the transaction that there is, else in one of its own, from its start again when the connection broke. What
    /// the context tracked before is forgotten.</summary>
    public static Task<T> InTransactionAsync<T>(this ShabouContext context, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        context.Database.CurrentTransaction is not null ? work(cancellationToken) : context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            context.ChangeTracker.Clear();
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
            var result = await work(cancellation);
            await transaction.CommitAsync(cancellation);
            return result;
        }, cancellationToken);
}
