using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Shabou.Schema.Jobs;

namespace Shabou.ForecastService.Training;

/// <summary>What to train.</summary>
/// <param name="Horizon">Periods to forecast, 1 to 120; 12 by default.</param>
public sealed record TrainingRequest([property: Range(1, 120)] int Horizon = 12);

/// <summary>What a run made.</summary>
/// <param name="ModelVersion">Now the one that is served.</param>
/// <param name="Seconds">Null when the run found what it had made before a crash.</param>
public sealed record TrainingSummary(string ModelVersion, int Series, int Horizon, TrainingSeconds? Seconds);

/// <summary>Where the time went, wall clock.</summary>
public sealed record TrainingSeconds(double Load, double Compute, double Store);

/// <summary>A run as clients see it.</summary>
/// <param name="Result">Null until it is completed.</param>
public sealed record TrainingRun(
    Guid Id, JobState State, int Attempt, TrainingSummary? Result, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal static TrainingRun Of(JobRecord job) => new(
        job.Id, job.State, job.Attempt, job.Result is { } result ? JsonSerializer.Deserialize<TrainingSummary>(result, JsonSerializerOptions.Web) : null,
        job.Error, job.CreatedAt, job.StartedAt, job.FinishedAt);
}
