using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Shabou.ServiceDefaults.Health;

/// <summary>Tells background work when this process can serve for the first time. What users wait for comes first: building EF's model alone
/// takes a second of CPU, and every service would do so at the same time.</summary>
/// <remarks>A program without <c>/health</c> need not wait. Nor does one that is not ready for <see cref="Longest"/>: its work may not need
/// what it lacks, as jobs do not need the gateway.</remarks>
public sealed class FirstReady
{
    /// <summary>Work waits no longer than this after the start.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.2);

    private readonly IHostApplicationLifetime _lifetime;
    private readonly Lazy<Task> _reached;

    public FirstReady(IServiceProvider services, IHostApplicationLifetime lifetime)
    {
        _lifetime = lifetime;
        _reached = new(() => services.GetKeyedService<HealthAnswer>(HealthEndpoints.HealthPath) is { } health ? ReachAsync(health) : Task.CompletedTask);
    }

    /// <summary>Waits until <c>/health</c> would say yes, whether or not somebody asks it.</summary>
    /// <exception cref="OperationCanceledException">The host stops first.</exception>
    public Task WaitAsync(CancellationToken stoppingToken) => _reached.Value.WaitAsync(stoppingToken);

    private async Task ReachAsync(HealthAnswer health)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_lifetime.ApplicationStopping);
        limit.CancelAfter(Longest);
        try
        {
            await StartedAsync().WaitAsync(limit.Token);
            using var timer = new PeriodicTimer(Every);
            while (await health.GetAsync().WaitAsync(limit.Token) == HealthStatus.Unhealthy) await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It took too long, or the host stops, which those who wait see by their own token.
        }
    }

    private async Task StartedAsync()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task;
    }
}
