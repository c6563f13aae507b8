using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Shabou.Jobs;

/// <summary>Writes how attempts ended, as many at a time as have ended meanwhile: one alone is written at once, thousands a second share statements.
/// While the database is away they wait; a lease that lapses until then is lost, and the job runs again.</summary>
internal sealed partial class JobFinisher(JobStore store, HeldJobs held, JobTelemetry telemetry, TimeProvider time, ILogger<JobFinisher> logger)
{
    private const int MostAtOnce = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Runners wait when it is full: more than this is not to be lost at once.
    private readonly Channel<(RunningJob Job, JobEnd End)> _ended =
        Channel.CreateBounded<(RunningJob, JobEnd)>(new BoundedChannelOptions(4 * MostAtOnce) { SingleReader = true });

    public ValueTask EndAsync(RunningJob job, JobEnd end) => _ended.Writer.WriteAsync((job, end));

    /// <summary>No more will end: <see cref="RunAsync"/> writes what there is and returns.</summary>
    public void Complete() => _ended.Writer.TryComplete();

    /// <param name="cancellationToken">Gives up: what is not written runs again when its lease has lapsed.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<(RunningJob Job, JobEnd End)>(MostAtOnce);
        while (await _ended.Reader.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < MostAtOnce && _ended.Reader.TryRead(out var ended)) batch.Add(ended);
            await WriteAsync(batch, cancellationToken);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<(RunningJob Job, JobEnd End)> batch, CancellationToken cancellationToken)
    {
        var finished = batch.FindAll(e => e.End.Kind is JobEndKind.Completed or JobEndKind.Cancelled);
        if (finished.Count > 0)
        {
            var kept = await UntilThroughAsync(() => store.FinishAsync(finished, cancellationToken), cancellationToken);
            foreach (var (job, end) in finished) Settle(job, end, kept.Contains(job.Id));
        }
        foreach (var (job, end) in batch)
            if (end.Kind is not (JobEndKind.Completed or JobEndKind.Cancelled))
                Settle(job, end, await UntilThroughAsync(() => store.ReleaseAsync(job, end, cancellationToken), cancellationToken));
    }

    private void Settle(RunningJob job, JobEnd end, bool kept)
    {
        held.Remove(job);
        if (kept) telemetry.Ended(job, end);
        else LogLost(job.Id, job.Kind);
        job.Dispose();
    }

    private async Task<T> UntilThroughAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                LogWaiting(error.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lost the lease of job {Id} ({Kind}): what it did counts as not done")] private partial void LogLost(Guid id, string kind);
    [LoggerMessage(LogLevel.Warning, "The end of jobs cannot be written, trying again: {Reason}")] private partial void LogWaiting(string reason);
}
