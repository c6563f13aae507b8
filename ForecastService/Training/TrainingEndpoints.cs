using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Training;

/// <summary><c>/api/v1/training-runs</c>: forecast everything anew, as a job.</summary>
internal static class TrainingEndpoints
{
    private const int LongestKey = 100;

    public static void AddTraining(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TrainingOptions>().BindConfiguration(TrainingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<PartHistories>();
        builder.Services.AddJobHandler<TrainModel, TrainingRequest>(TrainModel.Kind);
    }

    public static RouteGroupBuilder MapTraining(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/api/v1/training-runs").WithTags("Training").RequireAuthorization(Policies.User);
        runs.MapPost("/", StartAsync).WithName("StartTraining").WithSummary("Learn a model from all demand and forecast every part with it, as a job");
        runs.MapGet("/{id:guid}", GetAsync).WithName("GetTrainingRun").WithSummary("How a training run goes, and the model version it made");
        return runs;
    }

    private static async Task<Results<Accepted<TrainingRun>, ProblemHttpResult>> StartAsync(
        TrainingRequest? request, [FromHeader(Name = "Idempotency-Key")] string? key, HttpContext http, JobQueue queue, ShabouContext context,
        CancellationToken cancellationToken)
    {
        if (key is { Length: 0 or > LongestKey }) return Problem.Invalid("Idempotency-Key", $"must have 1 to {LongestKey} characters.");
        request ??= new TrainingRequest();
        // Without a key each request is a run of its own.
        var callersKey = key is null ? Guid.CreateVersion7().ToString() : $"{http.User.FindFirst(ClientClaims.Subject)?.Value}:{key}";
        var (id, isNew) = await queue.EnqueueOnceAsync(TrainModel.Kind, request, callersKey, cancellationToken);
        var job = await context.AllJobs.SingleAsync(j => j.Id == id, cancellationToken);
        return isNew || JsonSerializer.Deserialize<TrainingRequest>(job.Payload, JsonSerializerOptions.Web) == request
            ? TypedResults.Accepted(JobEndpoints.LocationOf(id), TrainingRun.Of(job))
            : Problem.Of(ProblemTypes.IdempotencyMismatch, "This Idempotency-Key started a run with another horizon or seed; use a new key.");
    }

    private static async Task<Results<Ok<TrainingRun>, ProblemHttpResult>> GetAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) =>
        await context.AllJobs.SingleOrDefaultAsync(j => j.Id == id && j.Kind == TrainModel.Kind.Name, cancellationToken) is { } job
            ? TypedResults.Ok(TrainingRun.Of(job))
            : Problem.NotFound("training run", id);
}
