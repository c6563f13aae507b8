namespace Shabou.Jobs;

/// <summary>Does the work of one kind of job. It may run again after a crash, so its effects must be idempotent by <see cref="JobContext.Id"/>.</summary>
/// <typeparam name="TPayload">As enqueued.</typeparam>
public interface IJobHandler<TPayload>
{
    /// <param name="job">What to do and who asked.</param>
    /// <param name="cancellationToken">Set when the host stops, the timeout passes, somebody cancels the job, or the lease is lost: stop writing at once.</param>
    /// <returns>Stored as the job's JSON result, at most <see cref="JobOptions.MaxResultBytes"/>; null stores none.</returns>
    /// <exception cref="JobFailedException">The job can never succeed; it is dead at once, with this message for the client.</exception>
    Task<object?> RunAsync(JobContext<TPayload> job, CancellationToken cancellationToken);
}

/// <summary>A running job as its handler sees it.</summary>
/// <param name="Id">The job's id; also the key that makes effects idempotent.</param>
/// <param name="Kind">Name of its kind.</param>
/// <param name="Attempt">1 at the first start.</param>
/// <param name="Subject">The client that asked, or null.</param>
/// <param name="LeaseToken">Fencing token: side-effect writes carry it as <c>WHERE EXISTS (SELECT FROM jobs.jobs WHERE id = ... AND lease_token = ...)</c>
/// so that a worker that lost its lease cannot write.</param>
public abstract record JobContext(Guid Id, string Kind, int Attempt, string? Subject, Guid LeaseToken)
{
    internal Func<object, CancellationToken, Task> Report { private get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Stores how far the work is, as JSON, and renews the lease.</summary>
    /// <exception cref="JobLeaseLostException">Another worker has the job now: stop.</exception>
    public Task ReportAsync(object progress, CancellationToken cancellationToken) => Report(progress, cancellationToken);
}

/// <inheritdoc cref="JobContext"/>
/// <param name="Payload">As enqueued.</param>
public sealed record JobContext<TPayload>(Guid Id, string Kind, TPayload Payload, int Attempt, string? Subject, Guid LeaseToken)
    : JobContext(Id, Kind, Attempt, Subject, LeaseToken);

/// <summary>Thrown by a handler whose job can never succeed, for example because its payload names something that is gone.</summary>
public sealed class JobFailedException(string message) : Exception(message);

/// <summary>The job's lease lapsed and somebody else may have it.</summary>
public sealed class JobLeaseLostException(Guid job) : Exception($"The lease of job {job} was lost.");
