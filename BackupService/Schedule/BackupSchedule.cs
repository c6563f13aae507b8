using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;
using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.BackupService.Health;
using Shabou.Schema.BackupAges;

namespace Shabou.BackupService.Schedule;

/// <summary>Makes the daily backup at its hour, the one that was missed while the service was away, and one after another that failed.</summary>
internal sealed partial class BackupSchedule(
    BackupWork work, NpgsqlDataSource database, BackupTelemetry telemetry, IOptions<BackupOptions> options, IOptions<BackupAgeOptions> ages, TimeProvider time, ILogger<BackupSchedule> logger) : BackgroundService
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

    /// <summary>Makes a backup when one is due, and says when the newest verified one of a kind is too old.</summary>
    /// <param name="since">When it was looked before.</param>
    /// <returns>When it was looked now.</returns>
    internal async Task<DateTimeOffset> LookAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isDue = _cron.GetNextValidTimeAfter(since) is { } due && due <= now;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await SeeAsync(connection, cancellationToken);
        var newest = await BackupAge.ReadAsync(connection, cancellationToken);
        if (isDue || work.IsOwed || (newest.Any(age => age.IsMissingOrOlderThan(ages.Value.TooOld)) && !_caughtUp && now - _started >= options.Value.CatchUpAfter))
        {
            _caughtUp = true;
            await connection.CloseAsync(); // a backup takes its time
            await work.TryRunAsync(progress: null, cancellationToken);
        }
        else
        {
            foreach (var age in await BackupAge.SayTooOldAsync(newest, connection, ages.Value.TooOld, now, cancellationToken)) LogTooOld(age.Sentence);
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

    [LoggerMessage(LogLevel.Error, "{Sentence}")] private partial void LogTooOld(string sentence);
    [LoggerMessage(LogLevel.Warning, "The backups that are there could not be measured: {Reason}")] private partial void LogUnseen(string reason);
    [LoggerMessage(LogLevel.Warning, "The schedule could not be looked at, trying again in a minute: {Reason}")] private partial void LogFailed(string reason);
}
