using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Caching;
using Shabou.Schema;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary>Takes parts out of the catalog and back. A deleted part keeps its row: its sku stays taken, and its history stays.</summary>
internal static class RemoveProduct
{
    /// <summary>Answers 204 with the ETag of the deleted row, which a later restore may send as <c>If-Match</c>.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, HttpContext http, ShabouContext context, CatalogVersions versions, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await StoredAsync(id, context, cancellationToken) is not { Deleted: false } stored) return Problem.NotFound("product", id);
        if (!expected.Matches(stored.Version) || await MarkAsync(id, stored, time.GetUtcNow(), context, actor, time, cancellationToken) is not { } version) return ExpectedVersion.Stale("product", id);
        await versions.ProductChangedAsync(id, cancellationToken);
        ETags.Write(http.Response, version);
        return TypedResults.NoContent();
    }

    /// <summary>Answers the part. One that is not deleted stays as it is: who lost the answer may ask again.</summary>
    public static async Task<Results<JsonAnswer<ProductView>, ProblemHttpResult>> RestoreAsync(
        Guid id, HttpContext http, ShabouContext context, ProductReader reader, CatalogVersions versions, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        ExpectedVersion? expected = null;
        if (http.Request.Headers.IfMatch.Count > 0 && !ExpectedVersion.TryRead(http.Request, out expected, out var refusal)) return refusal;
        if (await StoredAsync(id, context, cancellationToken) is not { } stored) return Problem.NotFound("product", id);
        if (expected?.Matches(stored.Version) == false) return ExpectedVersion.Stale("product", id);
        if (stored.Deleted)
        {
            if (await MarkAsync(id, stored, null, context, actor, time, cancellationToken) is null) return ExpectedVersion.Stale("product", id);
            await versions.ProductChangedAsync(id, cancellationToken);
        }
        var language = Language.Of(http.Request);
        return await reader.FindAsync(id, language, cancellationToken) is { } product ? new JsonAnswer<ProductView>(product, language) : Problem.NotFound("product", id);
    }

    private static Task<Stored?> StoredAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) => context.QueryAsync<Stored?>(
        """
        SELECT p.xmin, p.deleted_at IS NOT NULL, coalesce((
            SELECT pr.price_list_number FROM catalog.prices pr JOIN catalog.suppliers s ON s.current_list_number = pr.price_list_number
            WHERE pr.product_id = p.id AND pr.price_list_number > p.price_set_after ORDER BY pr.price_list_number DESC LIMIT 1), 0)
        FROM catalog.products p WHERE p.id = @id
        """,
        [new("id", id)],
        async (rows, cancellation) => await rows.ReadAsync(cancellation) ? new Stored(rows.GetFieldValue<uint>(0), rows.GetBoolean(1), rows.GetInt32(2)) : null, cancellationToken);

    /// <returns>The new version; null when somebody else was faster.</returns>
    private static Task<uint?> MarkAsync(Guid id, Stored stored, DateTimeOffset? deletedAt, ShabouContext context, AuditActor actor, TimeProvider time, CancellationToken cancellationToken) =>
        context.QueryAsync<uint?>(
            """
            UPDATE catalog.products SET deleted_at = @deleted_at, updated_at = @now, changed_by = @actor, changed_trace = @trace WHERE id = @id AND xmin = @xmin RETURNING xmin
            """,
            [
                new("id", id), new("xmin", NpgsqlDbType.Xid) { Value = stored.Xmin }, new("now", time.GetUtcNow()), new("actor", actor.Name),
                new("deleted_at", NpgsqlDbType.TimestampTz) { Value = deletedAt is { } at ? at : DBNull.Value }, new("trace", NpgsqlDbType.Text) { Value = AuditActor.Trace is { } trace ? trace : DBNull.Value },
            ],
            async (rows, cancellation) => await rows.ReadAsync(cancellation) ? rows.GetFieldValue<uint>(0) : null, cancellationToken);

    /// <param name="PriceList">Number of the list that its price comes from; it is part of the version.</param>
    private sealed record Stored(uint Xmin, bool Deleted, int PriceList)
    {
        public ulong Version => ProductReader.VersionOf(Xmin, Deleted ? null : PriceList);
    }
}
