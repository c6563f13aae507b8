using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Jobs;
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
        builder.Services.AddJobHandler<TrainModel>(TrainModel.Kind);
    }

    public static RouteGroupBuilder MapTraining(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/api/v1/training-runs").WithTags("Training").RequireAuthorization(Policies.User);
        runs.MapPost("/", StartAsync).WithName("StartTraining");
        runs.MapGet("/{id:guid}", GetAsync).WithName("GetTrainingRun");
        return runs;
    }

    private static async Task<Results<Accepted<TrainingRun>, ProblemHttpResult>> StartAsync(
        TrainingRequest? request, [FromHeader(Name = "Idempotency-Key")] string? key, HttpContext http, JobQueue queue, ShabouContext context,
        CancellationToken cancellationToken)
    {
        if (key is { Length: 0 or > LongestKey }) return Problem.Invalid("Idempotency-Key", $"must have 1 to {LongestKey} characters.");
        var callersKey = key is null ? null : $"{http.User.FindFirst(ClientClaims.Subject)?.Value}:{key}";
        var job = callersKey is null
            ? null
            : await context.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Kind == TrainModel.Kind && j.IdempotencyKey == callersKey, cancellationToken);
        request ??= new TrainingRequest();
        if (job is null)
        {
            job = queue.Enqueue(TrainModel.Kind, request, callersKey);
            await context.SaveChangesAsync(cancellationToken);
        }
        else if (JsonSerializer.Deserialize<TrainingRequest>(job.Payload, JsonSerializerOptions.Web) != request)
        {
            return Problem.Of(ProblemTypes.IdempotencyMismatch, "This Idempotency-Key started a run with another horizon; use a new key.");
        }

        return TypedResults.Accepted(JobEndpoints.LocationOf(job.Id), TrainingRun.Of(job));
    }

    private static async Task<Results<Ok<TrainingRun>, ProblemHttpResult>> GetAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) =>
        await context.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == id && j.Kind == TrainModel.Kind, cancellationToken) is { } job
            ? TypedResults.Ok(TrainingRun.Of(job))
            : Problem.NotFound("training run", id);
}
