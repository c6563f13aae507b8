using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Shabou.Schema;

namespace Shabou.Jobs;

/// <summary>Makes the next partitions of the history and lets go what is older than 90 days: history, keys, dead letters nobody wanted.</summary>
internal sealed partial class JobCleaner(ShabouContext context, ILogger<JobCleaner> logger) : IJobHandler<JobCleaner.Order>
{
    public static readonly JobKind<Order> Kind = new("jobs.retention", "ops", TimeSpan.FromMinutes(10));

    internal sealed record Order;

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken)
    {
        var partitions = await context.Database.SqlQuery<int>($"""SELECT jobs.keep_history() AS "Value" """).SingleAsync(cancellationToken);
        var dead = await context.Database.ExecuteSqlAsync($"""
            WITH old AS (DELETE FROM jobs.jobs WHERE state = 'Dead' AND finished_at < now() - interval '90 days' RETURNING *)
            INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at)
            SELECT id, now(), queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at FROM old
            """, cancellationToken);
        var keys = await context.Database.ExecuteSqlAsync(
            $"DELETE FROM jobs.job_keys k WHERE created_at < now() - interval '90 days' AND NOT EXISTS (SELECT FROM jobs.jobs j WHERE j.id = k.job_id)", cancellationToken);
        await context.Database.ExecuteSqlAsync($"DELETE FROM jobs.minutes WHERE minute < now() - interval '1 day'", cancellationToken);
        await context.Database.ExecuteSqlAsync($"DELETE FROM jobs.workers WHERE seen_at < now() - interval '1 day'", cancellationToken);
        LogCleaned(partitions, dead, keys);
        return new { partitions, deadLetters = dead, keys };
    }

    [LoggerMessage(LogLevel.Information, "Let go {Partitions} months of history, {Dead} dead letters and {Keys} keys older than 90 days")]
    private partial void LogCleaned(int partitions, int dead, int keys);
}
