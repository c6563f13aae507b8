using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.Schema.Jobs;

namespace Shabou.Jobs;

/// <summary>Takes, keeps and ends leases. Every change names the lease's token, so that a worker that lost its job changes nothing.
/// Times are the database's: workers' clocks may differ.</summary>
internal sealed class JobLeases(IServiceScopeFactory scopes, IOptions<JobOptions> options)
{
    /// <summary>Claims the job that waits longest, or one whose worker vanished; null when there is none.</summary>
    public Task<Job?> ClaimAsync(string[] kinds, CancellationToken cancellationToken) => InScopeAsync(async context =>
    {
        var token = Guid.CreateVersion7();
        var claimed = await context.Jobs.FromSql($"""
            UPDATE jobs.jobs SET state = 'Running', attempt = attempt + 1, started_at = now(), lease_token = {token}, lease_until = now() + {options.Value.Lease}
            WHERE id = (
                SELECT id FROM jobs.jobs
                WHERE kind = ANY ({kinds}) AND run_at <= now() AND attempt < max_attempts
                  AND (state = 'Available' OR (state = 'Running' AND lease_until < now()))
                ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return claimed.SingleOrDefault();
    });

    /// <summary>Jobs whose worker vanished in their last attempt cannot be claimed again: they are dead.</summary>
    public Task<int> BuryAsync(string[] kinds, CancellationToken cancellationToken) => InScopeAsync(context =>
        context.Database.ExecuteSqlAsync($"""
            UPDATE jobs.jobs SET state = 'Dead', lease_token = NULL, lease_until = NULL, finished_at = now(), error = 'The worker vanished in the last attempt.'
            WHERE kind = ANY ({kinds}) AND state = 'Running' AND lease_until < now() AND attempt >= max_attempts
            """, cancellationToken));

    /// <returns>False when the lease is lost.</returns>
    public Task<bool> RenewAsync(Job job, object? progress, CancellationToken cancellationToken)
    {
        var json = Json(progress);
        return ChangeAsync(context => context.Database.ExecuteSqlAsync(
            $"UPDATE jobs.jobs SET lease_until = now() + {options.Value.Lease}, progress = COALESCE({json}::jsonb, progress) WHERE id = {job.Id} AND lease_token = {job.LeaseToken}",
            cancellationToken));
    }

    /// <returns>False when the lease is lost: the result is not stored.</returns>
    public Task<bool> CompleteAsync(Job job, object? result, CancellationToken cancellationToken)
    {
        var json = Json(result);
        return ChangeAsync(context => context.Database.ExecuteSqlAsync($"""
            UPDATE jobs.jobs SET state = 'Completed', lease_token = NULL, lease_until = NULL, finished_at = now(), result = {json}::jsonb, error = NULL
            WHERE id = {job.Id} AND lease_token = {job.LeaseToken}
            """, cancellationToken));
    }

    /// <summary>Back to the queue after <paramref name="delay"/>, or dead when attempts are spent or <paramref name="forGood"/>.</summary>
    public Task<bool> FailAsync(Job job, string error, bool forGood, TimeSpan delay, CancellationToken cancellationToken)
    {
        var dead = forGood || job.Attempt >= job.MaxAttempts;
        var state = dead ? nameof(JobState.Dead) : nameof(JobState.Available);
        return ChangeAsync(context => context.Database.ExecuteSqlAsync($"""
            UPDATE jobs.jobs SET state = {state}, lease_token = NULL, lease_until = NULL, error = {error}, run_at = now() + {delay},
                finished_at = CASE WHEN {dead} THEN now() END
            WHERE id = {job.Id} AND lease_token = {job.LeaseToken}
            """, cancellationToken));
    }

    /// <summary>Back to the queue at once, as if never started: the host is stopping.</summary>
    public Task<bool> ReturnAsync(Job job, CancellationToken cancellationToken) => ChangeAsync(context => context.Database.ExecuteSqlAsync($"""
        UPDATE jobs.jobs SET state = 'Available', attempt = attempt - 1, lease_token = NULL, lease_until = NULL
        WHERE id = {job.Id} AND lease_token = {job.LeaseToken}
        """, cancellationToken));

    private async Task<bool> ChangeAsync(Func<ShabouContext, Task<int>> change) => await InScopeAsync(change) == 1;

    private async Task<T> InScopeAsync<T>(Func<ShabouContext, Task<T>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<ShabouContext>());
    }

    private static string? Json(object? value) => value is null ? null : JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
