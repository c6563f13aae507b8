using Microsoft.EntityFrameworkCore;
using Shabou.Schema;

namespace Shabou.CatalogApi.Transactions;

/// <summary>Several statements that happen together or not at all.</summary>
internal static class CatalogTransactions
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

    /// <summary>Waits for every transaction that holds this lock; the end of the current one releases it. A statement of its own: the next
    /// one sees what the others have committed.</summary>
    public static Task LockAsync(this ShabouContext context, CatalogLock what, CancellationToken cancellationToken)
    {
        var key = (long)what;
        return context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({key})", cancellationToken);
    }
}

/// <summary>What only one transaction may change at a time: every advisory lock of the catalog. The numbers are used by every replica and must never change.</summary>
internal enum CatalogLock
{
    /// <summary>Which prices count. Shared by every write of a price (trigger keep_prices); with a hash beside it, the lists of one supplier.</summary>
    Prices = 7_306_001,

    /// <summary>The tree of categories.</summary>
    Categories = 7_306_002,

    /// <summary>Which part replaces which.</summary>
    Replacements = 7_306_003,

    /// <summary>The next number of a price list.</summary>
    PriceListNumbers = 7_306_004,

    /// <summary>Bulk upserts: two of them could wait for each other's rows.</summary>
    Bulk = 7_306_005,
}
