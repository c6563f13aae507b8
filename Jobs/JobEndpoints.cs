using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Jobs;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Jobs;

/// <summary>Where a client follows the work it asked for.</summary>
public static class JobEndpoints
{
    /// <summary>The address to answer 202 with.</summary>
    public static string LocationOf(Guid job) => $"/api/v1/jobs/{job}";

    /// <summary>Maps <c>GET /api/v1/jobs/{id}</c>.</summary>
    public static RouteGroupBuilder MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/v1/jobs").WithTags("Jobs");
        jobs.MapGet("/{id:guid}", GetAsync).WithName("GetJob").WithSummary("How far a piece of work has come");
        return jobs;
    }

    private static async Task<Results<Ok<JobView>, ProblemHttpResult>> GetAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) =>
        await context.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == id, cancellationToken) is { } job
            ? TypedResults.Ok(JobView.Of(job))
            : Problem.NotFound("job", id);
}

/// <summary>A job as clients see it.</summary>
/// <param name="Progress">What the work last reported; its form depends on the kind.</param>
/// <param name="Result">What it returned; null until completed.</param>
public sealed record JobView(
    Guid Id, string Kind, JobState State, int Attempt, int MaxAttempts, JsonElement? Progress, JsonElement? Result, string? Error,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal static JobView Of(Job job) => new(
        job.Id, job.Kind, job.State, job.Attempt, job.MaxAttempts, Parse(job.Progress), Parse(job.Result), job.Error,
        job.CreatedAt, job.StartedAt, job.FinishedAt);

    private static JsonElement? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
}
