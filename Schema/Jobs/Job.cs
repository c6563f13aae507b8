namespace Shabou.Schema.Jobs;

/// <summary>Work that takes longer than a request and is not finished: it survives restarts, and one worker at a time holds it by a lease.
/// Finished, it becomes a <see cref="FinishedJob"/>; <see cref="JobRecord"/> shows both.</summary>
public sealed class Job
{
    public const int KindMaxLength = 64;
    public const int QueueMaxLength = 32;
    public const int SubjectMaxLength = 100;
    public const int ErrorMaxLength = 2000;

    public required Guid Id { get; init; }

    /// <summary>Which workers take it, for example <c>forecast</c>.</summary>
    public required string Queue { get; init; }

    /// <summary>Which handler runs it, for example <c>forecast.train</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The handler's input, JSON.</summary>
    public required string Payload { get; init; }

    public required JobPriority Priority { get; init; }

    /// <summary>Who asked: the client id that the gateway authenticated.</summary>
    public string? Subject { get; init; }

    /// <summary>W3C traceparent of the request that enqueued it, so that its spans join that trace.</summary>
    public string? TraceParent { get; init; }

    public required JobState State { get; set; }

    /// <summary>How often it was started.</summary>
    public int Attempt { get; set; }

    public required int MaxAttempts { get; init; }

    /// <summary>Not before this time; by default that of its insertion, by the database's clock.</summary>
    public DateTimeOffset RunAt { get; set; }

    /// <summary>Fencing token of the worker that holds it; whatever ends or records the job needs the same token.</summary>
    public Guid? LeaseToken { get; set; }

    /// <summary>By the database's clock. When it has passed, the rescuer takes the job from its worker.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Somebody wants it stopped; its worker learns it at once or with its next heartbeat.</summary>
    public bool CancelRequested { get; set; }

    /// <summary>What the handler last reported, JSON.</summary>
    public string? Progress { get; set; }

    /// <summary>Why the last attempt failed, in words for the client; details are in the log.</summary>
    public string? Error { get; set; }

    /// <summary>How often it was brought back from the dead letters.</summary>
    public int Redrives { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it died; null while it lives.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>Where a job stands. Stored and sent as text.</summary>
public enum JobState
{
    /// <summary>Waiting for a worker or for its time.</summary>
    Available,

    /// <summary>A worker holds its lease.</summary>
    Running,

    /// <summary>Done; it is in the history.</summary>
    Completed,

    /// <summary>Stopped by somebody; it is in the history.</summary>
    Cancelled,

    /// <summary>A dead letter: attempts are spent, or it can never succeed. Somebody has to look; an alert says so.</summary>
    Dead,
}

/// <summary>What goes first. Stored as a number.</summary>
public enum JobPriority
{
    /// <summary>Somebody waits for it, or an alert.</summary>
    P1 = 1,

    P2 = 2,

    /// <summary>The usual.</summary>
    P3 = 3,

    /// <summary>Whenever there is time.</summary>
    P4 = 4,
}
