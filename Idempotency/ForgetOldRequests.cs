using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shabou.Schema;

namespace Shabou.Idempotency;

/// <summary>Forgets keys after a day. Small batches: nobody waits for a long delete.</summary>
internal sealed partial class ForgetOldRequests(IServiceScopeFactory scopes, TimeProvider time, ILogger<ForgetOldRequests> logger) : BackgroundService
{
    internal static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private const int Batch = 1_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await ForgetAsync(stoppingToken) is > 0 and var forgotten) LogForgotten(forgotten);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }
        }
    }

    /// <returns>How many keys are gone.</returns>
    internal async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var before = time.GetUtcNow() - Kept;
        var forgotten = 0;
        int deleted;
        do
        {
            // Skips what another replica is deleting.
            deleted = await context.Database.ExecuteSqlAsync(
                $"DELETE FROM ops.idempotent_requests WHERE key_hash IN (SELECT key_hash FROM ops.idempotent_requests WHERE created_at < {before} ORDER BY created_at LIMIT {Batch} FOR UPDATE SKIP LOCKED)",
                cancellationToken);
            forgotten += deleted;
        }
        while (deleted == Batch);
        return forgotten;
    }

    [LoggerMessage(LogLevel.Information, "Forgot {Count} idempotency keys of more than a day ago")]
    private partial void LogForgotten(int count);

    [LoggerMessage(LogLevel.Error, "Old idempotency keys could not be deleted; the next pass runs on schedule")]
    private partial void LogFailed(Exception error);
}
