using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.Jobs.Alerts;
using Shabou.Schema;

namespace Shabou.Jobs;

/// <summary>Returns jobs to the queue when the worker holding them has stopped renewing its lease, and looks whether the queues are well. One
/// process does it for all; when it is gone, or silent for a lease in the middle of it, another one does.</summary>
internal sealed partial class JobRescuer(
    IServiceScopeFactory scopes, JobTelemetry telemetry, IOptions<JobOptions> options, TimeProvider time, ILogger<JobRescuer> logger) : BackgroundService
{
    private const long Lock = 7_306_100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RescueInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (await PassAsync(stoppingToken) is > 0 and var rescued) LogRescued(rescued);
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(error.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <returns>How many jobs were taken from silent workers.</returns>
    internal async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var alerts = scope.ServiceProvider.GetRequiredService<AlertRules>();
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
            await context.LetGoAfterAsync(options.Value.Lease, cancellation); // or a frozen process would keep all others from rescuing
            if (!await context.Database.SqlQuery<bool>($"""SELECT pg_try_advisory_xact_lock({Lock}) AS "Value" """).SingleAsync(cancellation))
            {
                telemetry.Saw([]); // another process looks after the queues
                return 0;
            }
            var rescued = await RescueAsync(context, cancellation);
            var depths = await DepthsAsync(context, cancellation);
            await alerts.EvaluateAsync(depths, cancellation);
            await transaction.CommitAsync(cancellation);
            telemetry.Saw(depths);
            foreach (var (queue, count) in rescued.CountBy(r => r)) telemetry.Rescued(queue, count);
            return rescued.Count;
        }, cancellationToken);
    }

    private static async Task<List<string>> RescueAsync(ShabouContext context, CancellationToken cancellationToken)
    {
        // A millisecond earlier: of many that were enqueued at the same time it was among the first, and is not to wait behind the others again.
        var rescued = await context.Database.SqlQuery<string>($"""
            UPDATE jobs.jobs SET lease_token = NULL, lease_until = NULL, run_at = run_at - interval '1 millisecond',
                state = CASE WHEN attempt >= max_attempts THEN 'Dead' ELSE 'Available' END,
                finished_at = CASE WHEN attempt >= max_attempts THEN now() END,
                error = CASE WHEN attempt >= max_attempts THEN 'The worker vanished in the last attempt.' ELSE 'The worker vanished.' END
            WHERE id IN (SELECT id FROM jobs.jobs WHERE state = 'Running' AND lease_until < now() ORDER BY lease_until LIMIT 5000 FOR UPDATE SKIP LOCKED)
            RETURNING queue AS "Value"
            """).ToListAsync(cancellationToken);
        foreach (var queue in rescued.Distinct()) await context.Database.ExecuteSqlAsync($"SELECT pg_notify({JobListener.Channel}, {queue})", cancellationToken);
        return rescued;
    }

    // By state, because each has an index of its own: the table may be long.
    private static async Task<List<QueueDepth>> DepthsAsync(ShabouContext context, CancellationToken cancellationToken)
    {
        var parts = await context.Database.SqlQuery<QueueDepth>($"""
            SELECT queue AS "Queue", count(*)::int AS "Due", 0 AS "Running", 0 AS "Dead", now() - min(run_at) AS "OldestAge" FROM jobs.jobs WHERE state = 'Available' AND run_at <= now() GROUP BY queue
            UNION ALL SELECT queue, 0, count(*)::int, 0, interval '0' FROM jobs.jobs WHERE state = 'Running' GROUP BY queue
            UNION ALL SELECT queue, 0, 0, count(*)::int, interval '0' FROM jobs.jobs WHERE state = 'Dead' GROUP BY queue
            """).ToListAsync(cancellationToken);
        return [.. parts.GroupBy(p => p.Queue).Select(q => new QueueDepth(q.Key, q.Sum(p => p.Due), q.Sum(p => p.Running), q.Sum(p => p.Dead), q.Max(p => p.OldestAge)))];
    }

    [LoggerMessage(LogLevel.Information, "Rescued {Count} jobs whose lease had lapsed")] private partial void LogRescued(int count);
    [LoggerMessage(LogLevel.Error, "A look after the queues failed; the next one runs on schedule: {Reason}")] private partial void LogFailed(string reason);
}
