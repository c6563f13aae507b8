using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Writes off reservations whose holder vanished: they count as spent. Each pass also tells the ledger's counts anew, to metrics and to Redis.</summary>
internal sealed partial class LapsedReservations(
    PlacesBudget budget, FirstReady ready, IOptions<PlacesBudgetOptions> options, TimeProvider time, ILogger<LapsedReservations> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.LapsedCheck, time);
        try
        {
            do
            {
                try
                {
                    if (await budget.WriteOffLapsedAsync(stoppingToken) is > 0 and var count) LogWrittenOff(count);
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(error.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Counted {Count} calls as spent whose holder vanished")]
    private partial void LogWrittenOff(int count);

    [LoggerMessage(LogLevel.Warning, "Lapsed reservations could not be written off; the next pass runs on schedule: {Reason}")]
    private partial void LogFailed(string reason);
}
