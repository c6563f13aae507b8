using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Jobs;

namespace Shabou.ProspectorService.Leads;

/// <summary>Deletes what Google's terms no longer let us keep. The leads stay, with their ids and our own facts.</summary>
internal sealed class ContentPurge(ShabouContext context, TimeProvider time)
{
    private const int Batch = 5_000;

    /// <returns>How many leads lost their content.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var purged = 0;
        int deleted;
        do
        {
            // Some at a time, and not those that a sweep is just writing anew.
            deleted = await context.Database.ExecuteSqlAsync($"""
                DELETE FROM prospector.google_content WHERE lead_id IN (
                    SELECT lead_id FROM prospector.google_content WHERE expires_at <= {now} ORDER BY expires_at LIMIT {Batch} FOR UPDATE SKIP LOCKED)
                """, cancellationToken);
            purged += deleted;
        }
        while (deleted == Batch);
        return purged;
    }
}

/// <summary>The purge as a job, hourly: content is hidden from the moment it expires, and gone within the hour.</summary>
internal sealed class PurgeContent(ContentPurge purge) : IJobHandler<PurgeContent.Order>
{
    public static readonly JobKind<Order> Kind = new("prospector.purge-content", "prospector", TimeSpan.FromMinutes(10)) { Priority = JobPriority.P2 };

    /// <summary>The job's payload: all that has expired.</summary>
    internal sealed record Order;

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken) => new { purged = await purge.PurgeAsync(cancellationToken) };
}
