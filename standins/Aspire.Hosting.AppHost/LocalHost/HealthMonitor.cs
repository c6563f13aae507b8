using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.LocalHost;

/// <summary>Runs the checks of each running resource: often until it is healthy, then every 30 s. Announces the first time as ResourceReady.</summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications, ResourceLoggerService logs, IDistributedApplicationEventing eventing, HealthCheckService checks,
    IServiceProvider services) : IDisposable
{
    private static readonly TimeSpan s_healthyPause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<IResource, Task> _loops = new();
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Called when a check finds that the host itself cannot go on, such as with a wrong password.</summary>
    public Action<LocalHostException> Failed { get; set; } = _ => { };

    /// <summary>Sees to it that a resource that runs is checked until none of its replicas runs.</summary>
    public void Watch(IResource resource) => _loops.AddOrUpdate(
        resource, r => LoopAsync(r), (r, running) => running.IsCompleted ? LoopAsync(r) : RestartAfterAsync(running, r));

    public void Dispose() => _disposed.Cancel();

    private async Task RestartAfterAsync(Task running, IResource resource)
    {
        await running;
        await LoopAsync(resource);
    }

    private async Task LoopAsync(IResource resource)
    {
        await Task.Yield();
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(c => c.Key).ToHashSet();
        var unhealthyFor = 0;
        try
        {
            while (RunningIds(resource) is { Count: > 0 } running)
            {
                var reports = await CheckAsync(keys);
                var healthy = reports.All(r => r.Status == HealthStatus.Healthy);
                foreach (var id in running)
                    await notifications.PublishUpdateAsync(resource, id, s => s with { HealthReports = [.. reports] });
                if (healthy)
                    AnnounceReady(resource, running);

                unhealthyFor = healthy ? 0 : unhealthyFor + 1;
                var pause = healthy ? s_healthyPause : TimeSpan.FromMilliseconds(Math.Clamp(2 * unhealthyFor, 100, 2_000)); // ten times a second while somebody waits for the start
                await ChangedOrAsync(resource, pause, running);
            }
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (LocalHostException failure)
        {
            Failed(failure);
        }
    }

    private async Task<List<HealthReportSnapshot>> CheckAsync(HashSet<string> keys)
    {
        if (keys.Count == 0)
            return [];

        var report = await checks.CheckHealthAsync(r => keys.Contains(r.Name), _disposed.Token);
        if (report.Entries.Values.Select(e => LocalHostException.Of(e.Exception)).FirstOrDefault(e => e is not null) is { } failure)
            throw failure;
        return [.. report.Entries.Select(e => new HealthReportSnapshot(e.Key, e.Value.Status, e.Value.Description, e.Value.Exception?.Message) { LastRunAt = DateTime.UtcNow })];
    }

    private void AnnounceReady(IResource resource, List<string> running)
    {
        var unannounced = running.Where(id => notifications.TryGetCurrentState(id, out var e) && e.Snapshot.Ready is null).ToList();
        if (unannounced.Count == 0)
            return;

        var ready = Task.Run(async () =>
        {
            try
            {
                await eventing.PublishAsync(new ResourceReadyEvent(resource, services), _disposed.Token);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logs.Write(unannounced[0], $"A ResourceReady handler failed: {error.Message}", isError: true);
                throw;
            }
        });
        foreach (var id in unannounced)
            _ = notifications.PublishUpdateAsync(resource, id, s => s with { Ready = ready });
    }

    /// <summary>Waits, but not past the moment when a replica starts or ends.</summary>
    private async Task ChangedOrAsync(IResource resource, TimeSpan pause, List<string> running)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        timeout.CancelAfter(pause);
        try
        {
            await notifications.WaitForResourceAsync(resource.Name, _ => !RunningIds(resource).SequenceEqual(running) || HasNew(running), timeout.Token);
        }
        catch (OperationCanceledException) when (!_disposed.IsCancellationRequested)
        {
            // Time for the next check.
        }

        // A replica that was restarted between two checks runs again but has not been announced.
        bool HasNew(List<string> ids) => pause == s_healthyPause && ids.Any(id => notifications.TryGetCurrentState(id, out var e) && e.Snapshot.Ready is null);
    }

    private List<string> RunningIds(IResource resource) =>
        [.. notifications.IdsOf(resource).Where(id => notifications.TryGetCurrentState(id, out var e) && e.Snapshot.State?.Text == KnownResourceStates.Running)];
}
