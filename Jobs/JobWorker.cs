using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Jobs;

/// <summary>Runs this process's kinds of job: claims them, renews their leases while they work, and abandons those that do not stop.</summary>
internal sealed partial class JobWorker(
    JobStore store, JobRunner runner, JobFinisher finisher, HeldJobs held, JobWake wake, JobTelemetry telemetry,
    FirstReady ready, IOptions<JobOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, JobPump> _pumps =
        runner.Queues.ToDictionary(queue => queue, queue => new JobPump(queue, store, runner, held, wake, telemetry, options.Value, logger));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whatever else the host does must not wait for the first claim.
        await ready.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var writing = finisher.RunAsync(_end.Token);
        var beating = BeatAsync(_end.Token);
        var watching = WatchAsync(_end.Token);
        await using var stop = stoppingToken.Register(StopHandlers);
        await Task.WhenAll(_pumps.Values.Select(pump => pump.RunAsync(stoppingToken)));
        finisher.Complete();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _end.CancelAsync();
        await Task.WhenAll(beating, watching);
    }

    /// <summary>Handlers are told to stop, and their jobs go back to the queue; who ignores it until the host's limit is rescued elsewhere.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var limit = cancellationToken.Register(() => _end.Cancel());
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _end.Dispose();
    }

    private void StopHandlers()
    {
        runner.StopHost();
        foreach (var job in held.All) job.Stop();
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var name = $"{environment.ApplicationName} on {Environment.MachineName}";
        if (name.Length > 100) name = name[..100];
        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        try
        {
            do
            {
                try
                {
                    RunningJob[] jobs = [.. held.All];
                    var alive = await store.BeatAsync(jobs, runner.Queues, name, telemetry.TakeCounts(), cancellationToken);
                    foreach (var job in jobs) Heed(job, alive);
                }
                catch (Exception error) when (!cancellationToken.IsCancellationRequested)
                {
                    LogSilent(error.Message); // leases lapse; finishing will tell
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Heed(RunningJob job, Dictionary<Guid, bool> alive)
    {
        if (alive.TryGetValue(job.Id, out var cancel))
        {
            if (cancel && !job.CancelRequested) job.Cancel();
        }
        else if (!job.IsSettled)
        {
            LogLost(job.Id, job.Kind); // somebody else has it: stop the handler
            job.Lose();
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                foreach (var job in held.All)
                    if (job.Deadline < time.GetTimestamp() && await runner.AbandonAsync(job))
                        _pumps[job.Queue].Replace();
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lost the lease of job {Id} ({Kind}); its handler is told to stop")] private partial void LogLost(Guid id, string kind);
    [LoggerMessage(LogLevel.Warning, "Leases could not be renewed, trying again: {Reason}")] private partial void LogSilent(string reason);
}
