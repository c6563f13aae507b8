using Microsoft.AspNetCore.Http.HttpResults;
using NpgsqlTypes;
using Shabou.CatalogApi.Audit;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Fitments;

/// <summary>Replaces the vehicles of a part. The part's row is touched, so that the audit has it and its ETag changes.</summary>
internal sealed class ReplaceFitments(ShabouContext context, AuditActor actor, TimeProvider time)
{
    /// <returns>The part's new version, or a refusal.</returns>
    public async Task<(ulong, ProblemHttpResult?)> RunAsync(Guid product, FittedVehicles wanted, ExpectedVersion expected, CancellationToken cancellationToken)
    {
        if (await ProductVersion.FindAsync(product, context, cancellationToken) is not { } version) return (0, Problem.NotFound("product", product));
        if (!expected.Matches(version.ETag)) return (0, ExpectedVersion.Stale("product", product));
        var (vehicles, unknown) = await wanted.FindAsync(context, cancellationToken);
        if (unknown is not null) return (0, unknown);

        // One statement: the row's version decides whether anything happens at all.
        var changed = await context.QueryAsync<uint?>(
            """
            WITH part AS (
                UPDATE catalog.products SET updated_at = @now, changed_by = @actor, changed_trace = @trace
                WHERE id = @id AND xmin = @version AND deleted_at IS NULL RETURNING id, xmin AS version
            ), gone AS (
                DELETE FROM catalog.fitments f USING part WHERE f.product_id = part.id AND f.vehicle_id <> ALL (@vehicles)
            ), added AS (
                INSERT INTO catalog.fitments (product_id, vehicle_id) SELECT part.id, v FROM part, unnest(@vehicles) AS v ON CONFLICT DO NOTHING
            )
            SELECT version FROM part
            """,
            [
                new("id", product), new("vehicles", vehicles), new("version", NpgsqlDbType.Xid) { Value = version.Row }, new("now", time.GetUtcNow()),
                new("actor", actor.Name), new("trace", NpgsqlDbType.Text) { Value = (object?)AuditActor.Trace ?? DBNull.Value },
            ],
            async (rows, cancellation) => await rows.ReadAsync(cancellation) ? rows.GetFieldValue<uint>(0) : null, cancellationToken);
        return changed is { } now ? ((version with { Row = now }).ETag, null) : (0, ExpectedVersion.Stale("product", product));
    }
}
