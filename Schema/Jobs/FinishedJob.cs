namespace Shabou.Schema.Jobs;

/// <summary>A job that is done, was cancelled, or was a dead letter for too long. Kept 90 days, in one partition per month.</summary>
public sealed class FinishedJob
{
    public required Guid Id { get; init; }
    public required string Queue { get; init; }
    public required string Kind { get; init; }
    public required string Payload { get; init; }
    public required JobPriority Priority { get; init; }
    public string? Subject { get; init; }
    public string? TraceParent { get; init; }
    public required JobState State { get; init; }
    public required int Attempt { get; init; }
    public required int MaxAttempts { get; init; }
    public required DateTimeOffset RunAt { get; init; }
    public string? Progress { get; init; }

    /// <summary>What the handler returned, JSON.</summary>
    public string? Result { get; init; }
    public string? Error { get; init; }
    public required int Redrives { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
}

/// <summary>A job wherever it is: a row of the view <c>jobs.all_jobs</c>, to read only.</summary>
public sealed class JobRecord
{
    public required Guid Id { get; init; }
    public required string Queue { get; init; }
    public required string Kind { get; init; }
    public required string Payload { get; init; }
    public required JobPriority Priority { get; init; }
    public string? Subject { get; init; }
    public required JobState State { get; init; }
    public required int Attempt { get; init; }
    public required int MaxAttempts { get; init; }
    public required DateTimeOffset RunAt { get; init; }
    public required bool CancelRequested { get; init; }
    public string? Progress { get; init; }
    public string? Result { get; init; }
    public string? Error { get; init; }
    public required int Redrives { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
}
