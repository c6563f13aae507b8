using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shabou.Jobs;

/// <summary>Runs one job after the other for whoever calls it, and tells the finisher how each ended.</summary>
internal sealed partial class JobRunner(
    IServiceScopeFactory scopes, JobStore store, JobFinisher finisher, IEnumerable<JobHandlerRegistration> registrations,
    IOptions<JobOptions> options, TimeProvider time, ILogger<JobRunner> logger)
{
    private static readonly ActivitySource Source = new("Shabou.Jobs");
    private readonly Dictionary<string, JobHandlerRegistration> _handlers = registrations.ToDictionary(r => r.Kind.Name);
    private volatile bool _stopping;

    /// <summary>The queues of the kinds that this process runs.</summary>
    public string[] Queues { get; } = [.. registrations.Select(r => r.Kind.Queue).Distinct()];

    /// <summary>From now on jobs that are told to stop go back to the queue.</summary>
    public void StopHost() => _stopping = true;

    /// <returns>False when the job was abandoned meanwhile: somebody else runs in the caller's place.</returns>
    public async Task<bool> RunAsync(RunningJob job)
    {
        using var activity = Source.StartActivity($"job {job.Kind}", ActivityKind.Consumer, job.TraceParent);
        activity?.SetTag("job.id", job.Id);
        using var logScope = logger.BeginScope(new Dictionary<string, object> { ["JobId"] = job.Id, ["JobKind"] = job.Kind });
        var end = await AttemptAsync(job);
        if (end.Kind is JobEndKind.Retry or JobEndKind.Dead) activity?.SetStatus(ActivityStatusCode.Error, end.Error);
        if (!job.TrySettle()) return false;
        await finisher.EndAsync(job, end);
        return true;
    }

    /// <summary>Ends a job whose handler does not: it is past its deadline and does not heed its token. Its lease goes; the handler, should it
    /// ever come back, can write nothing of the job any more.</summary>
    public async Task<bool> AbandonAsync(RunningJob job)
    {
        if (!job.TrySettle()) return false;
        job.Lose();
        LogAbandoned(job.Id, job.Kind, job.Attempt);
        await finisher.EndAsync(job, Failed(job, $"The job ran longer than {TimeoutOf(job)} and did not stop when it was told to."));
        return true;
    }

    private async Task<JobEnd> AttemptAsync(RunningJob job)
    {
        if (job.CancelRequested) return new(JobEndKind.Cancelled);
        if (_stopping) return new(JobEndKind.Returned);
        if (!_handlers.TryGetValue(job.Kind, out var handler)) return Failed(job, $"No service has a handler for jobs of kind '{job.Kind}' in queue '{job.Queue}'.");
        var timedOut = false;
        try
        {
            await using var timeout = time.CreateTimer(_ => { timedOut = true; job.Stop(); }, null, handler.Kind.Timeout, Timeout.InfiniteTimeSpan);
            job.Deadline = time.GetTimestamp() + (long)((handler.Kind.Timeout + options.Value.Grace).TotalSeconds * time.TimestampFrequency);
            await using var scope = scopes.CreateAsyncScope();
            var result = await handler.Invoke(scope.ServiceProvider, job, (progress, cancellationToken) => ReportAsync(job, progress, cancellationToken), job.Stopping);
            var json = result is null ? null : JsonSerializer.Serialize(result, JsonSerializerOptions.Web);
            if (json is not null && Encoding.UTF8.GetByteCount(json) > options.Value.MaxResultBytes)
                return Failed(job, $"The result has more than {options.Value.MaxResultBytes:N0} bytes; it belongs in a table of its own.", forGood: true);
            LogCompleted(job.Id, job.Kind);
            return new(JobEndKind.Completed, json);
        }
        catch (JobLeaseLostException)
        {
            return Failed(job, "The lease was lost."); // finds no lease to give back, unless the handler lied
        }
        catch (JobFailedException failed)
        {
            return Failed(job, failed.Message, forGood: true);
        }
        catch (Exception error)
        {
            if (timedOut) return Failed(job, $"The job ran longer than {handler.Kind.Timeout}.");
            if (job.CancelRequested && error is OperationCanceledException) return new(JobEndKind.Cancelled);
            if (_stopping && job.Stopping.IsCancellationRequested) return new(JobEndKind.Returned);
            LogFailed(error, job.Id, job.Kind, job.Attempt, job.MaxAttempts);
            return Failed(job, error is JsonException
                ? $"The payload is not what a job of kind '{job.Kind}' takes: {error.Message}"
                : $"An attempt failed ({error.GetType().Name}); the log has the details under the job's id.");
        }
    }

    private JobEnd Failed(RunningJob job, string reason, bool forGood = false)
    {
        if (reason.Length > Schema.Jobs.Job.ErrorMaxLength) reason = reason[..Schema.Jobs.Job.ErrorMaxLength];
        if (!forGood && job.Attempt < job.MaxAttempts)
#pragma warning disable CA5394 // jitter spreads load, it protects nothing
            return new(JobEndKind.Retry, Error: reason, Delay: JobRetry.Delay(job.Attempt, Random.Shared.NextDouble()));
#pragma warning restore CA5394
        LogDead(job.Id, job.Kind, reason);
        return new(JobEndKind.Dead, Error: reason);
    }

    private async Task ReportAsync(RunningJob job, object progress, CancellationToken cancellationToken)
    {
        if (job.IsLost || !await store.ReportAsync(job, JsonSerializer.Serialize(progress, JsonSerializerOptions.Web), cancellationToken)) throw new JobLeaseLostException(job.Id);
    }

    private TimeSpan TimeoutOf(RunningJob job) => _handlers[job.Kind].Kind.Timeout;

    [LoggerMessage(LogLevel.Information, "Completed job {Id} ({Kind})")] private partial void LogCompleted(Guid id, string kind);
    [LoggerMessage(LogLevel.Error, "Job {Id} ({Kind}) is dead: {Reason}")] private partial void LogDead(Guid id, string kind, string reason);
    [LoggerMessage(LogLevel.Error, "Job {Id} ({Kind}) failed in attempt {Attempt} of {MaxAttempts}")] private partial void LogFailed(Exception error, Guid id, string kind, int attempt, int maxAttempts);
    [LoggerMessage(LogLevel.Error, "Abandoned job {Id} ({Kind}) in attempt {Attempt}: its handler does not heed its token and still runs")] private partial void LogAbandoned(Guid id, string kind, int attempt);
}
