using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shabou.Schema;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Jobs;

/// <summary>Hears from PostgreSQL that there are jobs, or that one is to be stopped. It has a connection of the pool for itself; while it is
/// deaf the workers poll.</summary>
internal sealed partial class JobListener(IServiceScopeFactory scopes, JobWake wake, HeldJobs held, FirstReady ready, TimeProvider time, ILogger<JobListener> logger) : BackgroundService
{
    /// <summary>A trigger of jobs.jobs notifies it with the queue's name.</summary>
    public const string Channel = "shabou_jobs";

    /// <summary>Payload of a notification that a job is to be stopped; its id follows.</summary>
    public const string CancelPrefix = "cancel ";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogDeaf(error.Message);
            }
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connection = (NpgsqlConnection)scope.ServiceProvider.GetRequiredService<ShabouContext>().Database.GetDbConnection();
        await connection.OpenAsync(cancellationToken);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        wake.All(); // what came while nobody listened
        while (true) await connection.WaitAsync(cancellationToken);
    }

    private void Hear(string payload)
    {
        if (!payload.StartsWith(CancelPrefix, StringComparison.Ordinal)) wake.Queue(payload);
        else if (Guid.TryParse(payload.AsSpan(CancelPrefix.Length), out var id)) held.Find(id)?.Cancel();
    }

    [LoggerMessage(LogLevel.Warning, "Notifications of jobs cannot be heard, polling meanwhile: {Reason}")]
    private partial void LogDeaf(string reason);
}
