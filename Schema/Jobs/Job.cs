namespace Shabou.Schema.Jobs;

/// <summary>Work that takes longer than a request, as a row: it survives restarts, and one worker at a time holds it by a lease.</summary>
public sealed class Job
{
    public const int KindMaxLength = 64;
    public const int SubjectMaxLength = 100;
    public const int IdempotencyKeyMaxLength = 200;

    public required Guid Id { get; init; }

    /// <summary>Which handler runs it, for example <c>forecast.train</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The handler's input, JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>Who asked: the client id that the gateway authenticated.</summary>
    public string? Subject { get; init; }

    /// <summary>W3C traceparent of the request that enqueued it, so that its spans join that trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Unique per kind when set.</summary>
    public string? IdempotencyKey { get; init; }

    public required JobState State { get; set; }

    /// <summary>How often it was started.</summary>
    public int Attempt { get; set; }

    public required int MaxAttempts { get; init; }

    /// <summary>Not before this time.</summary>
    public required DateTimeOffset RunAt { get; set; }

    /// <summary>Fencing token of the worker that holds it; finishing needs the same token.</summary>
    public Guid? LeaseToken { get; set; }

    /// <summary>By the database's clock. When it has passed, another worker may take the job.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>What the handler last reported, JSON.</summary>
    public string? Progress { get; set; }

    /// <summary>What the handler returned, JSON.</summary>
    public string? Result { get; set; }

    /// <summary>Why the last attempt failed, in words for the client; details are in the log.</summary>
    public string? Error { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>Where a job stands. Stored and sent as text.</summary>
public enum JobState
{
    /// <summary>Waiting for a worker or for its time.</summary>
    Available,

    /// <summary>A worker holds its lease.</summary>
    Running,

    Completed,

    /// <summary>Attempts are spent; somebody has to look.</summary>
    Dead,
}
