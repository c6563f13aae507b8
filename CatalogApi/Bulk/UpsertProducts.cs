using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Audit;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Bulk;

/// <summary>Stores many parts in one transaction: copied into a staging table, compared there, and written as sets.</summary>
internal sealed class UpsertProducts(ShabouContext context, AuditActor actor, TimeProvider time)
{
    /// <returns>No result when a row is wrong and none may be: nothing was stored then.</returns>
    public Task<(BulkResult? Result, BulkErrors Errors)> RunAsync(IReadOnlyList<BulkRow> rows, BulkErrors found, RowErrors policy, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync<(BulkResult?, BulkErrors)>(async cancellation =>
        {
            var errors = found.Copy();
            var references = await BulkReferences.FindAsync(rows, context, cancellation);
            var known = rows.Where(row => references.Has(row, errors)).ToList();
            if (policy == RowErrors.RejectAll && errors.Rows > 0) return (null, errors);
            if (known.Count == 0) return (Result(0, 0, 0, errors, policy), errors);

            // The transaction of an idempotency key may be around this already.
            await using var own = context.Database.CurrentTransaction is null ? await context.Database.BeginTransactionAsync(cancellation) : null;
            var now = time.GetUtcNow();
            var staging = new BulkStaging(context);
            await staging.FillAsync(known, references, now, cancellation);
            var matches = await staging.MatchAsync(cancellation);
            foreach (var match in matches.Where(m => m.Refusal is not null)) Refuse(match, known, errors);
            if (policy == RowErrors.RejectAll && errors.Rows > 0) return (null, errors);

            var (created, updated) = (matches.Count(m => m is { Refusal: null, IsNew: true }), matches.Count(m => m is { Refusal: null, IsNew: false, Same: false }));
            if (created + updated > 0) await staging.WriteAsync(references.NewestPriceList, now, actor.Name, cancellation);
            if (own is not null) await own.CommitAsync(cancellation);
            return (Result(created, updated, matches.Count(m => m is { Refusal: null, IsNew: false, Same: true }), errors, policy), errors);
        }, cancellationToken);

    private static BulkResult Result(int created, int updated, int unchanged, BulkErrors errors, RowErrors policy) =>
        new(created, updated, unchanged, errors.Rows, policy == RowErrors.Ignore ? [] : errors.First);

    private static void Refuse(BulkMatch match, List<BulkRow> rows, BulkErrors errors)
    {
        var write = rows[match.Place].Write;
        var reason = match.Refusal switch
        {
            "externalId" => $"The product with the externalId '{write.ExternalId}' is deleted; restore it by POST /api/v1/products/{match.Id}/restore first.",
            "sku" => $"Another product has the sku '{write.Sku}'; choose another, or give that product this externalId.",
            _ => $"Another product of the brand '{write.Brand}' has the gtin '{write.Gtin}'; choose another, or update that one.",
        };
        errors.Add(rows[match.Place].Index, write.ExternalId, match.Refusal!, reason);
    }
}
