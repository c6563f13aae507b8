using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Transactions;
using Shabou.Schema;

namespace Shabou.CatalogApi.Prices;

/// <summary>Who waits for whom. Each lock is taken by a statement of its own, so that the next one sees what others have committed, in this
/// order, and ends with the transaction.</summary>
/// <remarks>The first lock of a transaction also gives it memory to sort a list in, and no just-in-time compiler, which would take longer than
/// the statements themselves.</remarks>
internal static class PriceListLocks
{
    private const int Prices = (int)CatalogLock.Prices;

    /// <summary>One list of a supplier is checked and applied, or rolled back, at a time. Of two suppliers whose hashes are the same one waits.</summary>
    public static Task LockSupplierAsync(this ShabouContext context, Guid list, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), pg_advisory_xact_lock({Prices}, hashtext(supplier_id::text)) FROM catalog.price_lists WHERE id = {list}", cancellationToken);

    /// <summary>One list has the next number at a time, from before its prices are written until it has committed: numbers ascend in the order of
    /// commits, whoever the supplier is. Writes of parts do not wait for it.</summary>
    public static Task LockNumberAsync(this ShabouContext context, CancellationToken cancellationToken) =>
        context.LockAsync(CatalogLock.PriceListNumbers, cancellationToken);

    /// <summary>Nobody writes a part meanwhile: they hold this lock shared (trigger keep_prices). Keep it short.</summary>
    public static Task LockPricesAsync(this ShabouContext context, CancellationToken cancellationToken) =>
        context.LockAsync(CatalogLock.Prices, cancellationToken);

    /// <summary>The first and the last in one statement.</summary>
    public static Task LockSupplierAndPricesAsync(this ShabouContext context, Guid list, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"""
        SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), pg_advisory_xact_lock({Prices}, hashtext(supplier_id::text)), pg_advisory_xact_lock({Prices}::bigint)
        FROM catalog.price_lists WHERE id = {list}
        """, cancellationToken);
}
