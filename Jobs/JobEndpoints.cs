using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Jobs;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Jobs;

/// <summary>Where a client follows the work it asked for.</summary>
public static class JobEndpoints
{
    /// <summary>The address to answer 202 with.</summary>
    public static string LocationOf(Guid job) => $"/api/v1/jobs/{job}";

    /// <summary>Maps <c>/api/v1/jobs</c> and <c>/api/v1/dead-letters</c>.</summary>
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/v1/jobs").WithTags("Jobs");
        jobs.MapGet("/", ListAsync).WithName("ListJobs").WithSummary("All work, newest first").RequireAuthorization(Policies.Admin);
        jobs.MapGet("/{id:guid}", GetAsync).WithName("GetJob").WithSummary("How far a piece of work has come");
        jobs.MapPost("/{id:guid}/cancel", CancelAsync).WithName("CancelJob").WithSummary("Stops a piece of work: at once while it waits, as soon as it heeds it while it runs");
        routes.MapDeadLetters();
    }

    internal static async Task<Results<Ok<Page<JobView>>, ProblemHttpResult>> ListAsync(
        HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken,
        string? queue = null, string? kind = null, string? state = null, string? after = null, int? size = null)
    {
        if (queue?.Length > Job.QueueMaxLength) return Problem.Invalid("queue", $"has at most {Job.QueueMaxLength} characters.");
        if (kind?.Length > Job.KindMaxLength) return Problem.Invalid("kind", $"has at most {Job.KindMaxLength} characters.");
        JobState? wanted = Enum.TryParse<JobState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        if (state is not null && (wanted is null || !char.IsLetter(state[0]))) return Problem.Invalid("state", "must be available, running, completed, cancelled or dead.");
        var list = $"jobs/{queue}/{kind}/{wanted}";
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Guid>(list, after, out var position, out refusal)) return refusal;
        var page = await context.AllJobs
            .Where(j => (queue == null || j.Queue == queue) && (kind == null || j.Kind == kind) && (wanted == null || j.State == wanted) && (position == Guid.Empty || j.Id < position))
            .OrderByDescending(j => j.Id).Take(rows + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, [.. page.Select(JobView.Of)], rows, job => cursors.Write(list, job.Id)));
    }

    private static async Task<Results<Ok<JobView>, ProblemHttpResult>> GetAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) =>
        await context.AllJobs.SingleOrDefaultAsync(j => j.Id == id, cancellationToken) is { } job
            ? TypedResults.Ok(JobView.Of(job))
            : Problem.NotFound("job", id);

    private static async Task<Results<Ok<JobView>, ProblemHttpResult>> CancelAsync(Guid id, ClaimsPrincipal caller, ShabouContext context, CancellationToken cancellationToken)
    {
        if (await context.AllJobs.SingleOrDefaultAsync(j => j.Id == id, cancellationToken) is not { } job) return Problem.NotFound("job", id);
        if (!caller.IsInRole(ClientRoles.Admin) && (job.Subject is null || job.Subject != caller.FindFirstValue(ClientClaims.Subject)))
            return Problem.Of(ProblemTypes.Forbidden, "Only an administrator stops what somebody else asked for.");
        if (job.State is not (JobState.Available or JobState.Running))
            return Problem.Of(ProblemTypes.Conflict, $"Job {id} is {job.State.ToString().ToLowerInvariant()} already; there is nothing to stop.");
        // A waiting job goes into the history at once, a running one is told; one that has ended meanwhile stays as it is.
        await context.Database.ExecuteSqlAsync($"""
            WITH waiting AS (DELETE FROM jobs.jobs WHERE id = {id} AND state = 'Available' RETURNING *),
            kept AS (
                INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at)
                SELECT id, now(), queue, kind, payload, priority, subject, trace_parent, 'Cancelled', attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at FROM waiting),
            told AS (UPDATE jobs.jobs SET cancel_requested = TRUE WHERE id = {id} AND state = 'Running' RETURNING id)
            SELECT pg_notify({JobListener.Channel}, {JobListener.CancelPrefix} || id) FROM told
            """, cancellationToken);
        return await GetAsync(id, context, cancellationToken);
    }
}
