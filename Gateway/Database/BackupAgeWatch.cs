using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Schema.BackupAges;

namespace Shabou.Gateway.Database;

/// <summary>Raises the alert <c>backup-too-old</c> also while the backup service, which raises it too, is away. It is said once, whoever sees it first.</summary>
internal sealed partial class BackupAgeWatch(NpgsqlDataSource database, IOptions<BackupAgeOptions> options, TimeProvider time, ILogger<BackupAgeWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private bool _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var ages = await BackupAge.ReadAsync(connection, cancellationToken);
            foreach (var age in await BackupAge.SayTooOldAsync(ages, connection, options.Value.TooOld, time.GetUtcNow(), cancellationToken)) LogTooOld(age.Sentence);
            _failed = false;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            if (!_failed) LogFailed(error); // once, not every minute
            _failed = true;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Sentence}")] private partial void LogTooOld(string sentence);
    [LoggerMessage(LogLevel.Warning, "The age of the backups could not be read; it is asked for again each minute")] private partial void LogFailed(Exception error);
}

internal static class BackupAgeWatchSetup
{
    public static void AddBackupAgeWatch(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BackupAgeOptions>().BindConfiguration(BackupAgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<BackupAgeWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BackupAgeWatch>());
    }
}
