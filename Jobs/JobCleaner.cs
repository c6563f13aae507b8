using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Shabou.Jobs.History;
using Shabou.Schema;
using Shabou.Schema.Retention;

namespace Shabou.Jobs;

/// <summary>Makes the next partitions of the history, archives months that are older than 90 days, and lets go what is old elsewhere: dead letters
/// nobody wanted, keys, and what <see cref="TableLives"/> says of the tables of all services.</summary>
internal sealed partial class JobCleaner(ShabouContext context, HistoryArchive archive, ILogger<JobCleaner> logger) : IJobHandler<JobCleaner.Order>
{
    public static readonly JobKind<Order> Kind = new("jobs.retention", "ops", TimeSpan.FromMinutes(10));

    internal sealed record Order;

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken)
    {
        await context.Database.SqlQuery<int>($"""SELECT jobs.keep_history() AS "Value" """).SingleAsync(cancellationToken);
        var (months, rows) = await archive.RunAsync(cancellationToken);
        var dead = await context.Database.ExecuteSqlAsync($"""
            WITH old AS (DELETE FROM jobs.jobs WHERE state = 'Dead' AND finished_at < now() - interval '90 days' RETURNING *)
            INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at)
            SELECT id, now(), queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at FROM old
            """, cancellationToken);
        var keys = await context.Database.ExecuteSqlAsync(
            $"DELETE FROM jobs.job_keys k WHERE created_at < now() - interval '90 days' AND NOT EXISTS (SELECT FROM jobs.jobs j WHERE j.id = k.job_id)", cancellationToken);
        await context.Database.ExecuteSqlAsync($"DELETE FROM jobs.minutes WHERE minute < now() - interval '1 day'", cancellationToken);
        await context.Database.ExecuteSqlAsync($"DELETE FROM jobs.workers WHERE seen_at < now() - interval '1 day'", cancellationToken);
        var others = await context.Database.SqlQuery<Gone>($"""SELECT name AS "Name", gone AS "Rows" FROM ops.let_go()""").ToDictionaryAsync(gone => gone.Name, gone => gone.Rows, cancellationToken);
        LogCleaned(months, rows, dead, keys, others.Values.Sum());
        return new { months, rows, deadLetters = dead, keys, others };
    }

    [LoggerMessage(LogLevel.Information, "Archived {Months} months of history ({Rows} rows), let go {Dead} dead letters and {Keys} keys older than 90 days, and {Others} rows of other tables")]
    private partial void LogCleaned(int months, long rows, int dead, int keys, long others);

    private sealed record Gone(string Name, long Rows);
}
