using Microsoft.Extensions.Options;
using Npgsql;

namespace Shabou.Gateway.People.Sessions;

/// <summary>Deletes what is over: codes after an hour, refresh tokens and sessions a week after their end, so that a late question can still be answered.</summary>
/// <remarks>In small batches that skip what another gateway is deleting; one that fails is made up for by the next pass.</remarks>
internal sealed partial class SessionCleaner(NpgsqlDataSource database, IOptions<SessionLifeOptions> options, TimeProvider time, ILogger<SessionCleaner> logger) : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan CodesKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan SessionsKept = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the start waits for nobody
        using var timer = new PeriodicTimer(options.Value.CleanEvery, time);
        do // at once too, or a gateway that is started anew each day would never clean
        {
            try
            {
                LogCleaned(await CleanAsync(stoppingToken));
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>Rows deleted.</returns>
    internal async Task<int> CleanAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await DeleteAsync("sign_in_codes", "expires_at < $1", now - CodesKept, cancellationToken)
            + await DeleteAsync("refresh_tokens", "expires_at < $1", now - SessionsKept, cancellationToken)
            + await DeleteAsync("sessions", "expires_at < $1 OR revoked_at < $1", now - SessionsKept, cancellationToken);
    }

    private async Task<int> DeleteAsync(string table, string over, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var sum = 0;
        for (var deleted = Batch; deleted == Batch; sum += deleted)
        {
            await using var command = database.CreateCommand(
                $"DELETE FROM identity.{table} WHERE ctid IN (SELECT ctid FROM identity.{table} WHERE {over} LIMIT {Batch} FOR UPDATE SKIP LOCKED)");
            command.Parameters.Add(new() { Value = before });
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        return sum;
    }

    [LoggerMessage(LogLevel.Information, "Deleted {Count} codes, refresh tokens and sessions that were over")] private partial void LogCleaned(int count);
    [LoggerMessage(LogLevel.Error, "Deleting what is over failed; the next pass runs on schedule")] private partial void LogFailed(Exception error);
}
