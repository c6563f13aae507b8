using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Shabou.Schema.Jobs;

namespace Shabou.ForecastService.Training;

/// <summary>What to train.</summary>
/// <param name="Horizon">Periods to forecast, 1 to 1,000; 12 by default.</param>
/// <param name="Seed">Of everything that draws lots; 1 by default. The same data, program, horizon and seed give the same model, byte for byte.</param>
public sealed record TrainingRequest([property: Range(1, 1_000)] int Horizon = 12, int Seed = 1);

/// <summary>What a run made.</summary>
/// <param name="ModelVersion">Now the one that is served.</param>
/// <param name="Fallbacks">Parts whose own forecast failed: they got a plain average, and the reason says why.</param>
/// <param name="Seconds">Null when the run found what it had made before a crash.</param>
public sealed record TrainingSummary(string ModelVersion, int Series, int Horizon, TrainingSeconds? Seconds, int Fallbacks = 0);

/// <summary>Where the time went, wall clock.</summary>
/// <param name="Compute">Learning and forecasting.</param>
/// <param name="Score">The backtest behind /api/v1/accuracy.</param>
public sealed record TrainingSeconds(double Load, double Compute, double Store, double Score = 0);

/// <summary>A run as clients see it.</summary>
/// <param name="Result">Null until it is completed.</param>
public sealed record TrainingRun(
    Guid Id, JobState State, int Attempt, TrainingSummary? Result, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal static TrainingRun Of(JobRecord job) => new(
        job.Id, job.State, job.Attempt, job.Result is { } result ? JsonSerializer.Deserialize<TrainingSummary>(result, JsonSerializerOptions.Web) : null,
        job.Error, job.CreatedAt, job.StartedAt, job.FinishedAt);
}
