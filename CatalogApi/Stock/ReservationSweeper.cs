using Microsoft.Extensions.Options;

namespace Shabou.CatalogApi.Stock;

/// <summary>Ends lapsed reservations every few seconds. Any number of replicas may run it.</summary>
internal sealed partial class ReservationSweeper(IServiceScopeFactory scopes, IOptions<StockOptions> options, TimeProvider time, ILogger<ReservationSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await SweepAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<LapsedReservations>().ReleaseAsync(null, cancellationToken) is > 0 and var count) LogExpired(count);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(error);
        }
    }

    [LoggerMessage(LogLevel.Information, "Gave back the pieces of {Count} reservations whose time was over")]
    private partial void LogExpired(int count);

    [LoggerMessage(LogLevel.Warning, "Lapsed reservations could not be ended; the next pass runs on schedule")]
    private partial void LogFailed(Exception error);
}
