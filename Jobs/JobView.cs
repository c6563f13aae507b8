using System.Text.Json;
using Shabou.Schema.Jobs;

namespace Shabou.Jobs;

/// <summary>A job as clients see it.</summary>
/// <param name="State">available, running, completed, cancelled or dead.</param>
/// <param name="CancelRequested">It is to be stopped, or was.</param>
/// <param name="RunAt">Not before this time.</param>
/// <param name="Progress">What the work last reported; its form depends on the kind.</param>
/// <param name="Result">What it returned; null until completed.</param>
/// <param name="Error">Why the last attempt failed.</param>
/// <param name="Redrives">How often it was brought back from the dead letters.</param>
public sealed record JobView(
    Guid Id, string Queue, string Kind, JobState State, int Priority, int Attempt, int MaxAttempts, bool CancelRequested, DateTimeOffset RunAt, JsonElement? Progress, JsonElement? Result, string? Error,
    int Redrives, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal static JobView Of(JobRecord job) => new(
        job.Id, job.Queue, job.Kind, job.State, (int)job.Priority, job.Attempt, job.MaxAttempts, job.CancelRequested, job.RunAt, Parse(job.Progress), Parse(job.Result), job.Error,
        job.Redrives, job.CreatedAt, job.StartedAt, job.FinishedAt);

    private static JsonElement? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
}

/// <summary>A dead letter: a job with what it was asked to do.</summary>
public sealed record DeadLetterView(JobView Job, JsonElement Payload, string? Subject)
{
    internal static DeadLetterView Of(JobRecord job) => new(JobView.Of(job), JsonSerializer.Deserialize<JsonElement>(job.Payload), job.Subject);
}
