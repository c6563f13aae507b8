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

/// <summary>Jobs that nobody runs any more: an administrator looks, mends the cause, and brings them back or lets them go.</summary>
internal static class DeadLetterEndpoints
{
    private const string List = "dead-letters";

    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var dead = routes.MapGroup("/api/v1/dead-letters").WithTags("Jobs").RequireAuthorization(Policies.Admin);
        dead.MapGet("/", ListAsync).WithName("ListDeadLetters").WithSummary("Work that failed for good, oldest first");
        dead.MapPost("/{id:guid}/redrive", RedriveAsync).WithName("RedriveDeadLetter").WithSummary("Runs it again, with all its attempts");
        dead.MapPost("/{id:guid}/discard", DiscardAsync).WithName("DiscardDeadLetter").WithSummary("Lets it go; it stays in the history");
    }

    private static async Task<Results<Ok<Page<DeadLetterView>>, ProblemHttpResult>> ListAsync(
        HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken, string? after = null, int? size = null)
    {
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Guid>(List, after, out var position, out refusal)) return refusal;
        // The history has dead letters that were let go: these here are still in the queue's table.
        var page = await context.Jobs.Where(j => j.State == JobState.Dead && j.Id > position).OrderBy(j => j.Id).Take(rows + 1)
            .Join(context.AllJobs, j => j.Id, all => all.Id, (_, all) => all).OrderBy(all => all.Id).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, [.. page.Select(DeadLetterView.Of)], rows, letter => cursors.Write(List, letter.Job.Id)));
    }

    private static async Task<Results<Accepted<JobView>, ProblemHttpResult>> RedriveAsync(Guid id, ShabouContext context, CancellationToken cancellationToken)
    {
        var driven = await context.Database.ExecuteSqlAsync($"""
            UPDATE jobs.jobs SET state = 'Available', attempt = 0, redrives = redrives + 1, run_at = now(), finished_at = NULL, cancel_requested = FALSE
            WHERE id = {id} AND state = 'Dead'
            """, cancellationToken);
        if (driven == 0) return Problem.NotFound("dead letter", id);
        var job = await context.AllJobs.SingleAsync(j => j.Id == id, cancellationToken);
        await context.Database.ExecuteSqlAsync($"SELECT pg_notify({JobListener.Channel}, {job.Queue})", cancellationToken);
        return TypedResults.Accepted(JobEndpoints.LocationOf(id), JobView.Of(job));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DiscardAsync(Guid id, ShabouContext context, CancellationToken cancellationToken)
    {
        var discarded = await context.Database.ExecuteSqlAsync($"""
            WITH old AS (DELETE FROM jobs.jobs WHERE id = {id} AND state = 'Dead' RETURNING *)
            INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at)
            SELECT id, now(), queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, error, redrives, created_at, started_at FROM old
            """, cancellationToken);
        return discarded == 1 ? TypedResults.NoContent() : Problem.NotFound("dead letter", id);
    }
}
