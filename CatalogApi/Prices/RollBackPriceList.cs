using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Caching;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Prices;

/// <summary>Takes a list back: the prices of the one before it count again, at once, however many they are.</summary>
internal static class RollBackPriceList
{
    public static async Task<Results<Ok<PriceListView>, ProblemHttpResult>> RollBackAsync(
        Guid id, HttpContext http, ShabouContext context, AuditActor actor, CatalogVersions versions, CancellationToken cancellationToken)
    {
        var (moved, found) = await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            // Null inside somebody else's transaction, who commits.
            await using var own = context.Database.CurrentTransaction is null ? await context.Database.BeginTransactionAsync(cancellation) : null;
            await context.LockSupplierAndPricesAsync(id, cancellation);
            var moved = await context.RollBackAsync(id, actor.Name, cancellation);
            var found = await context.PriceLists.AsNoTracking().Include(l => l.Supplier).Where(l => l.Id == id).Select(l => new
            {
                List = l,
                Counting = context.PriceLists.Where(c => c.Number == l.Supplier!.CurrentListNumber && c.Number != null).Select(c => (Guid?)c.Id).FirstOrDefault(),
            }).SingleOrDefaultAsync(cancellation);
            if (own is not null) await own.CommitAsync(cancellation);
            return (moved, found);
        }, cancellationToken);

        if (found is null) return Problem.NotFound("price list", id);
        if (!moved) return Problem.Of(ProblemTypes.Conflict, Remedy(found.List, found.Counting));
        await versions.EverythingChangedAsync(cancellationToken);
        return PriceListEndpoints.Answer(http, found.List);
    }

    private static string Remedy(PriceList list, Guid? counting) => counting is { } current
        ? $"The price list {list.Id} is not the one of '{list.Supplier!.Slug}' that counts; that is {current}, which can be rolled back."
        : $"The price list {list.Id} is not the one of '{list.Supplier!.Slug}' that counts; none does.";
}
