using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Schema;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ForecastService.Accuracy;

/// <summary>Reads how the served model does, for the gauges of this process, and holds the rules against it; one process of all says alerts.</summary>
internal sealed partial class ForecastWatch(
    IServiceScopeFactory scopes, ForecastTelemetry telemetry, FirstReady ready, IOptions<WatchOptions> options, TimeProvider time, ILogger<ForecastWatch> logger) : BackgroundService
{
    /// <summary>Key of the lock, any number that nothing else in the database uses.</summary>
    private const long WatchLock = 0x5348_5741_5443_48; // "SHWATCH"

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error.Message);
            }

            await Task.Delay(options.Value.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        await context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            context.ChangeTracker.Clear();
            await using var transaction = await context.Database.BeginTransactionAsync(token);
            var health = await ForecastHealth.ReadAsync((NpgsqlConnection)context.Database.GetDbConnection(), options.Value.TrackingLimit, token);
            telemetry.Saw(health);
            if (health is null || !await context.Database.SqlQuery<bool>($"""SELECT pg_try_advisory_xact_lock({WatchLock}) AS "Value" """).SingleAsync(token)) return;
            await ForecastRules.SayAsync(context, health, ForecastRules.Broken(health, options.Value), token);
            await transaction.CommitAsync(token);
        }, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "How forecasts do could not be looked at, trying again: {Reason}")]
    private partial void LogFailed(string reason);
}
