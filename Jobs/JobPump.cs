using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Shabou.Jobs;

/// <summary>Claims the jobs of one queue whenever there is room, and runs them, a few at a time.</summary>
internal sealed partial class JobPump(string queue, JobStore store, JobRunner runner, HeldJobs held, JobWake wake, JobTelemetry telemetry, JobOptions options, ILogger logger)
{
    /// <summary>One job in so many is the oldest, whatever its priority: a tenth of the work keeps low priorities moving under a flood of high ones.</summary>
    private const int OldestEvery = 10;

    private readonly Channel<RunningJob> _claimed = Channel.CreateUnbounded<RunningJob>(new() { SingleWriter = true });
    private readonly int _room = options.ConcurrencyOf(queue) + options.Prefetch;
    private readonly Channel<bool> _freed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _held;
    private long _taken;
    private bool _more;

    public string Queue => queue;

    /// <summary>Claims and runs until told to stop; then returns when the last handler has.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var runners = Enumerable.Range(0, options.ConcurrencyOf(queue)).Select(_ => Task.Run(RunnerAsync, CancellationToken.None)).ToList();
        try
        {
            while (!stoppingToken.IsCancellationRequested) await ClaimAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        _claimed.Writer.Complete();
        await Task.WhenAll(runners);
    }

    /// <summary>The runner of an abandoned job is stuck in its handler: another one takes its place.</summary>
    public void Replace()
    {
        Free();
        Task.Run(RunnerAsync);
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        var free = _room - Volatile.Read(ref _held);
        // Asked for again when half of what was claimed ahead is used up, not for each job.
        if (free < Math.Max(1, options.Prefetch / 2))
        {
            await _freed.Reader.ReadAsync(stoppingToken);
            return;
        }
        try
        {
            // Only where more waits than there is room for can a job be passed over.
            var oldest = _more ? (int)((_taken + free) / OldestEvery - _taken / OldestEvery) : 0;
            var jobs = await store.ClaimAsync(queue, free - oldest, oldest, stoppingToken);
            _taken += jobs.Count;
            _more = jobs.Count == free || (jobs.Count > 0 && oldest > 0);
            foreach (var job in jobs)
            {
                held.Add(job);
                telemetry.Claimed(job);
                Interlocked.Increment(ref _held);
                _claimed.Writer.TryWrite(job);
            }
            if (_more) return;
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            LogAway(queue, error.Message); // jobs wait in the table; nothing is lost
            await Task.Delay(options.Poll, stoppingToken);
            return;
        }
        await wake.WaitAsync(queue, options.Poll, stoppingToken);
    }

    private async Task RunnerAsync()
    {
        await foreach (var job in _claimed.Reader.ReadAllAsync())
        {
            if (!await runner.RunAsync(job)) return;
            Free();
        }
    }

    private void Free()
    {
        Interlocked.Decrement(ref _held);
        _freed.Writer.TryWrite(true);
    }

    [LoggerMessage(LogLevel.Warning, "Queue {Queue} could not be reached, trying again: {Reason}")]
    private partial void LogAway(string queue, string reason);
}
