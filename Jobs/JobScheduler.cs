using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Jobs;

/// <summary>Enqueues the jobs of the schedules. Each occurrence has the key schedule@time, so any number of processes may do it; the database's
/// clock says what time it is.</summary>
internal sealed partial class JobScheduler(
    IServiceScopeFactory scopes, IEnumerable<JobScheduleRegistration> schedules, FirstReady ready, IOptions<JobOptions> options, TimeProvider time, ILogger<JobScheduler> logger) : BackgroundService
{
    /// <summary>What the hours of a cron expression mean.</summary>
    public static readonly TimeZoneInfo TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Tunis");

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly JobScheduleRegistration[] _schedules = [.. schedules];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Pause;
            try
            {
                wait = LongestWait;
                foreach (var schedule in _schedules)
                    if (await FireAsync(schedule, stoppingToken) is var next && next < wait) wait = next;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                wait = Pause;
                LogFailed(error.Message);
            }
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Enqueues the last occurrence that is due, if it is not yet; those missed before it are left out.</summary>
    /// <returns>How long until the next one.</returns>
    internal async Task<TimeSpan> FireAsync(JobScheduleRegistration schedule, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
            await context.LetGoAfterAsync(options.Value.Lease, cancellation); // or the others would wait for a frozen process at the schedule's row
            await context.Database.ExecuteSqlAsync($"INSERT INTO jobs.schedules (name, last_at) VALUES ({schedule.Name}, now()) ON CONFLICT DO NOTHING", cancellation);
            var clock = await context.Database.SqlQuery<Clock>($"""SELECT now() AS "Now", last_at AS "Last" FROM jobs.schedules WHERE name = {schedule.Name}""").SingleAsync(cancellation);
            if (schedule.Cron.GetPreviousValidTimeBefore(clock.Now.AddSeconds(1)) is { } due && due <= clock.Now && due > clock.Last)
            {
                var attempts = schedule.Kind.MaxAttempts ?? options.Value.MaxAttempts;
                var (id, isNew) = await JobQueue.EnqueueOnceAsync(context, schedule.Kind, schedule.Payload, attempts, $"{schedule.Name}@{due.UtcDateTime:O}", subject: null, runAt: null, time.GetUtcNow(), cancellation);
                await context.Database.ExecuteSqlAsync($"UPDATE jobs.schedules SET last_at = {due.ToUniversalTime()} WHERE name = {schedule.Name} AND last_at < {due.ToUniversalTime()}", cancellation);
                if (isNew) LogFired(schedule.Name, due, id);
            }
            await transaction.CommitAsync(cancellation);
            return schedule.Cron.GetNextValidTimeAfter(clock.Now) is { } next ? next - clock.Now : TimeSpan.MaxValue;
        }, cancellationToken);
    }

    private sealed record Clock(DateTimeOffset Now, DateTimeOffset Last);

    [LoggerMessage(LogLevel.Information, "Schedule {Name} fired for {Due}: job {Id}")] private partial void LogFired(string name, DateTimeOffset due, Guid id);
    [LoggerMessage(LogLevel.Warning, "Schedules could not be looked at, trying again: {Reason}")] private partial void LogFailed(string reason);
}
