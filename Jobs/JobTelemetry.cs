using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Shabou.Jobs;

/// <summary>The measurements of the queue, meter <c>Shabou.Jobs</c>. Tags are queue and, where it says so, kind and outcome.</summary>
internal sealed class JobTelemetry
{
    private readonly Counter<long> _ended;
    private readonly Counter<long> _rescued;
    private readonly Histogram<double> _waited;
    private readonly Histogram<double> _runTime;
    private readonly ConcurrentDictionary<string, (int Succeeded, int Failed)> _minute = new();
    private volatile IReadOnlyList<QueueDepth> _depths = [];

    public JobTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create("Shabou.Jobs");
        _ended = meter.CreateCounter<long>("shabou.jobs.attempts", "{attempt}", "Attempts that ended, by queue, kind and outcome: completed, cancelled, retry, dead, returned");
        _rescued = meter.CreateCounter<long>("shabou.jobs.rescued", "{job}", "Jobs taken from workers that fell silent");
        _waited = meter.CreateHistogram<double>("shabou.jobs.wait", "s", "From the time a job could run until it was claimed",
            advice: new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600] });
        _runTime = meter.CreateHistogram<double>("shabou.jobs.run_time", "s", "From claim to end of an attempt",
            advice: new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600] });
        meter.CreateObservableGauge("shabou.jobs.depth", () => _depths.Select(d => new Measurement<long>(d.Due, Of(d.Queue))), "{job}", "Jobs that could run now; one process of all reports it");
        meter.CreateObservableGauge("shabou.jobs.running", () => _depths.Select(d => new Measurement<long>(d.Running, Of(d.Queue))), "{job}", "Jobs under lease");
        meter.CreateObservableGauge("shabou.jobs.dead", () => _depths.Select(d => new Measurement<long>(d.Dead, Of(d.Queue))), "{job}", "Dead letters");
        meter.CreateObservableGauge("shabou.jobs.oldest_age", () => _depths.Select(d => new Measurement<double>(d.OldestAge.TotalSeconds, Of(d.Queue))), "s", "How long the oldest job that could run has waited");
    }

    public void Claimed(RunningJob job) => _waited.Record(job.Waited.TotalSeconds, Of(job.Queue));

    public void Ended(RunningJob job, JobEnd end)
    {
        var outcome = end.Kind switch { JobEndKind.Completed => "completed", JobEndKind.Cancelled => "cancelled", JobEndKind.Retry => "retry", JobEndKind.Dead => "dead", _ => "returned" };
        _ended.Add(1, Of(job.Queue), new("kind", job.Kind), new("outcome", outcome));
        _runTime.Record(TimeProvider.System.GetElapsedTime(job.ClaimedAt).TotalSeconds, Of(job.Queue), new("kind", job.Kind));
        var failed = end.Kind is JobEndKind.Retry or JobEndKind.Dead;
        if (failed || end.Kind == JobEndKind.Completed)
            _minute.AddOrUpdate(job.Queue, _ => failed ? (0, 1) : (1, 0), (_, c) => failed ? (c.Succeeded, c.Failed + 1) : (c.Succeeded + 1, c.Failed));
    }

    public void Rescued(string queue, int count) => _rescued.Add(count, Of(queue));

    public void Saw(IReadOnlyList<QueueDepth> depths) => _depths = depths;

    /// <summary>How attempts ended since the last call.</summary>
    public IReadOnlyList<(string Queue, int Succeeded, int Failed)> TakeCounts() =>
        [.. _minute.Keys.Select(queue => _minute.TryRemove(queue, out var c) ? (queue, c.Succeeded, c.Failed) : (queue, 0, 0)).Where(c => c.Item2 + c.Item3 > 0)];

    private static KeyValuePair<string, object?> Of(string queue) => new("queue", queue);
}

/// <summary>What is in one queue.</summary>
/// <param name="Due">Jobs that could run now.</param>
/// <param name="Running">Under lease.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="OldestAge">How long the oldest due one has waited.</param>
internal sealed record QueueDepth(string Queue, int Due, int Running, int Dead, TimeSpan OldestAge);
