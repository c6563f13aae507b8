using Microsoft.AspNetCore.Http.HttpResults;
using NpgsqlTypes;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Transactions;
using Shabou.Schema;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Replacements;

/// <summary>Says which part replaces another. One transaction at a time: two replacements that are right each by itself could make a cycle together.</summary>
internal sealed class SetReplacement(ShabouContext context, AuditActor actor, TimeProvider time)
{
    /// <returns>The part's new version, or a refusal.</returns>
    public Task<(ulong, ProblemHttpResult?)> RunAsync(Guid product, Guid replacedBy, ExpectedVersion expected, CancellationToken cancellationToken) =>
        context.InTransactionAsync<(ulong, ProblemHttpResult?)>(async cancellation =>
        {
            await context.LockAsync(CatalogLock.Replacements, cancellation);
            var (part, chain) = await ReadAsync(product, replacedBy, cancellation);
            if (part is null) return (0, Problem.NotFound("product", product));
            if (!expected.Matches(part.Version.ETag)) return (0, ExpectedVersion.Stale("product", product));
            if (chain.Count == 0) return (0, Problem.Unprocessable("replacedBy", $"There is no product '{replacedBy}'; GET /api/v1/products lists them."));
            if (chain.FindIndex(link => link.Id == product) is >= 0 and var at) return (0, Cycle(part, chain[..(at + 1)]));
            if (part.Behind + chain.Count > ReplacementReader.MaxDepth) return (0, TooLong(part, chain));
            return await WriteAsync(product, replacedBy, part.Version, cancellation);
        }, cancellationToken);

    /// <summary>Takes the replacement away; that there was none is no refusal.</summary>
    public async Task<(ulong, ProblemHttpResult?)> RemoveAsync(Guid product, ExpectedVersion expected, CancellationToken cancellationToken)
    {
        if (await ProductVersion.FindAsync(product, context, cancellationToken) is not { } version) return (0, Problem.NotFound("product", product));
        if (!expected.Matches(version.ETag)) return (0, ExpectedVersion.Stale("product", product));
        return await WriteAsync(product, null, version, cancellationToken);
    }

    /// <summary>The part with the length of the longest chain that ends at it, and the chain that begins at what shall replace it.</summary>
    private Task<(Part?, List<Link>)> ReadAsync(Guid product, Guid replacedBy, CancellationToken cancellationToken) => context.QueryAsync(
        $"""
        WITH RECURSIVE ahead AS (
            SELECT id, sku, replaced_by_id, 1 AS depth FROM catalog.products WHERE id = @by AND deleted_at IS NULL
            UNION ALL
            SELECT p.id, p.sku, p.replaced_by_id, a.depth + 1 FROM ahead a JOIN catalog.products p ON p.id = a.replaced_by_id WHERE a.depth <= {ReplacementReader.MaxDepth}
        ), behind AS (
            SELECT CAST(@id AS uuid) AS id, 0 AS depth
            UNION ALL
            SELECT p.id, b.depth + 1 FROM behind b JOIN catalog.products p ON p.replaced_by_id = b.id WHERE b.depth <= {ReplacementReader.MaxDepth}
        )
        SELECT 0 AS depth, p.id, p.sku, (SELECT max(depth) FROM behind), p.xmin, {ProductVersion.PriceListColumn} FROM catalog.products p WHERE p.id = @id AND p.deleted_at IS NULL
        UNION ALL SELECT depth, id, sku, NULL, NULL, NULL FROM ahead ORDER BY depth
        """,
        [new("id", product), new("by", replacedBy)],
        async (rows, cancellation) =>
        {
            Part? part = null;
            List<Link> chain = [];
            while (await rows.ReadAsync(cancellation))
            {
                if (rows.GetInt32(0) == 0) part = new(rows.GetString(2), rows.GetInt32(3), new(rows.GetFieldValue<uint>(4), rows.IsDBNull(5) ? null : rows.GetInt32(5)));
                else chain.Add(new(rows.GetGuid(1), rows.GetString(2)));
            }
            return (part, chain);
        }, cancellationToken);

    private async Task<(ulong, ProblemHttpResult?)> WriteAsync(Guid product, Guid? replacedBy, ProductVersion version, CancellationToken cancellationToken)
    {
        var changed = await context.QueryAsync<uint?>(
            """
            UPDATE catalog.products SET replaced_by_id = @by, updated_at = @now, changed_by = @actor, changed_trace = @trace
            WHERE id = @id AND xmin = @version AND deleted_at IS NULL RETURNING xmin
            """,
            [
                new("id", product), new("by", NpgsqlDbType.Uuid) { Value = (object?)replacedBy ?? DBNull.Value }, new("version", NpgsqlDbType.Xid) { Value = version.Row },
                new("now", time.GetUtcNow()), new("actor", actor.Name), new("trace", NpgsqlDbType.Text) { Value = (object?)AuditActor.Trace ?? DBNull.Value },
            ],
            async (rows, cancellation) => await rows.ReadAsync(cancellation) ? rows.GetFieldValue<uint>(0) : null, cancellationToken);
        return changed is { } now ? ((version with { Row = now }).ETag, null) : (0, ExpectedVersion.Stale("product", product));
    }

    private static ProblemHttpResult Cycle(Part part, List<Link> chain) => Problem.Of(ProblemTypes.SupersessionCycle, chain is [_]
        ? $"The part {part.Sku} cannot replace itself; choose another."
        : $"The part {part.Sku} cannot be replaced by {chain[0].Sku}: {part.Sku} -> {string.Join(" -> ", chain.Select(link => link.Sku))} is a circle. Take one of the other replacements away first.");

    private static ProblemHttpResult TooLong(Part part, List<Link> chain) => Problem.Of(ProblemTypes.Conflict,
        $"The part {part.Sku} cannot be replaced by {chain[0].Sku}: a chain has at most {ReplacementReader.MaxDepth} replacements and this one would have {part.Behind + chain.Count}. Replace it by {chain[^1].Sku}, the chain's last part, or point earlier parts there.");

    /// <param name="Behind">Length of the longest chain that ends at it.</param>
    private sealed record Part(string Sku, int Behind, ProductVersion Version);

    private sealed record Link(Guid Id, string Sku);
}
