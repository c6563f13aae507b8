using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;
using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Records;
using Shabou.BackupService.Health;

namespace Shabou.BackupService.Schedule;

/// <summary>Makes the daily backup at its hour, the one that was missed while the service was away, and one after another that failed.</summary>
internal sealed partial class BackupSchedule(
    BackupWork work, NpgsqlDataSource database, BackupAlerts alerts, BackupTelemetry telemetry, IOptions<BackupOptions> options, TimeProvider time, ILogger<BackupSchedule> logger) : BackgroundService
{
    private static readonly TimeZoneInfo s_tunis = TimeZoneInfo.FindSystemTimeZoneById("Africa/Tunis");
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private readonly CronExpression _cron = CronOf(options.Value.Schedule);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private bool _caughtUp;

    /// <summary>When the next one is made.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset now) => _cron.GetNextValidTimeAfter(now);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looked = _started;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                looked = await LookAsync(looked, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error.Message);
            }
            await Task.Delay(LongestWait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Makes a backup when one is due, and says when the newest verified one is too old.</summary>
    /// <param name="since">When it was looked before.</param>
    /// <returns>When it was looked now.</returns>
    internal async Task<DateTimeOffset> LookAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isDue = _cron.GetNextValidTimeAfter(since) is { } due && due <= now;
        TimeSpan? age;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await SeeAsync(connection, cancellationToken);
            age = await BackupRecords.AgeAsync(connection, cancellationToken);
        }
        var isLate = age is null || age > options.Value.TooOld;
        if (isDue || work.IsOwed || (isLate && !_caughtUp && now - _started >= options.Value.CatchUpAfter))
        {
            _caughtUp = true;
            await work.TryRunAsync(progress: null, cancellationToken);
        }
        else if (age > options.Value.TooOld)
        {
            await alerts.SayAsync("backup-too-old", "backups", $"The newest verified backup is {(int)age.Value.TotalHours} h old: look why none was made since, and make one with 'Back up now'.", cancellationToken);
        }
        return now;
    }

    /// <summary>Measures what is there already: after a start, and what the migrator made.</summary>
    private async Task SeeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var shelf = new BackupShelf(options.Value.RequireFolder(), await ServerFacts.ReadIdentifierAsync(connection, cancellationToken));
            foreach (var newest in RunBackups.Kinds.Select(kind => shelf.List(kind).FirstOrDefault(backup => backup.VerifiedAt is not null)).OfType<StoredBackup>()) telemetry.Saw(newest);
        }
        catch (Exception error) when (error is BackupException or IOException or UnauthorizedAccessException)
        {
            LogUnseen(error.Message); // the next backup fails of the same, and that is an alert
        }
    }

    private static CronExpression CronOf(string text)
    {
        try
        {
            return new(text, s_tunis);
        }
        catch (FormatException wrong)
        {
            throw new InvalidOperationException($"Backups:Schedule '{text}' is not a cron expression ({wrong.Message.TrimEnd('.')}): write for example '0 0 3 * * ?' for 03:00 each day.", wrong);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The backups that are there could not be measured: {Reason}")] private partial void LogUnseen(string reason);
    [LoggerMessage(LogLevel.Warning, "The schedule could not be looked at, trying again in a minute: {Reason}")] private partial void LogFailed(string reason);
}
