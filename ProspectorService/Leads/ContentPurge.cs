using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.Schema;

namespace Shabou.ProspectorService.Leads;

/// <summary>Deletes what Google's terms no longer let us keep. The leads stay, with their ids and our own facts.</summary>
internal sealed partial class ContentPurge(
    IServiceScopeFactory scopes, IOptions<LeadOptions> options, TimeProvider time, ILogger<ContentPurge> logger) : BackgroundService
{
    /// <returns>How many leads lost their content.</returns>
    internal async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        return await scope.ServiceProvider.GetRequiredService<ShabouContext>().GoogleContents.Where(c => c.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PurgeInterval, time);
        try
        {
            do
            {
                try
                {
                    if (await PurgeAsync(stoppingToken) is > 0 and var count) LogPurged(count);
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

    [LoggerMessage(LogLevel.Information, "Deleted Google's content of {Count} leads, for it had expired")]
    private partial void LogPurged(int count);

    [LoggerMessage(LogLevel.Warning, "Expired content could not be deleted; it stays hidden and the next pass runs on schedule: {Reason}")]
    private partial void LogFailed(string reason);
}
