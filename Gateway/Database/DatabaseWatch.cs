using Microsoft.Extensions.Options;
using Npgsql;

namespace Shabou.Gateway.Database;

/// <summary>The one place that reads PostgreSQL's statistics, every few seconds, for as long as somebody listens to the metrics. It holds a connection
/// of the gateway's pool for the few milliseconds of each look.</summary>
internal sealed partial class DatabaseWatch(
    NpgsqlDataSource database, DatabaseMeter meter, IOptions<DatabaseWatchOptions> options, TimeProvider time, ILogger<DatabaseWatch> logger) : BackgroundService
{
    private bool _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            if (meter.IsWanted) await LookAsync(stoppingToken);
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            meter.Saw(await ReadFigures.RunAsync(connection, options.Value.Slow, cancellationToken));
            _failed = false;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            meter.Missed();
            if (!_failed) LogFailed(error); // once, not every few seconds
            _failed = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "PostgreSQL's statistics could not be read; its metrics pause until they can")]
    private partial void LogFailed(Exception error);
}
