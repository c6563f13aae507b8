using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;

namespace Shabou.Idempotency;

/// <summary>Forgets keys after a day. Small batches: nobody waits for a long delete.</summary>
internal sealed class ForgetOldRequests(ShabouContext context, TimeProvider time) : IJobHandler<ForgetOldRequests.Order>
{
    // A queue of its own: every service that honours keys runs it, and no other can.
    public static readonly JobKind<Order> Kind = new("ops.forget-requests", "idempotency", TimeSpan.FromMinutes(5));
    internal static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private const int Batch = 1_000;

    internal sealed record Order;

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Kept;
        var forgotten = 0;
        int deleted;
        do
        {
            deleted = await context.Database.ExecuteSqlAsync(
                $"DELETE FROM ops.idempotent_requests WHERE key_hash IN (SELECT key_hash FROM ops.idempotent_requests WHERE created_at < {before} ORDER BY created_at LIMIT {Batch} FOR UPDATE SKIP LOCKED)",
                cancellationToken);
            forgotten += deleted;
        }
        while (deleted == Batch);
        return new { forgotten };
    }
}
