using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Idempotency;
using Shabou.ProspectorService.Audit;
using Shabou.ProspectorService.Matching;
using Shabou.ProspectorService.Transactions;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Suppressions;

/// <summary><c>/api/v1/suppressions</c>: opt-outs, by hash.</summary>
internal static class SuppressionEndpoints
{
    private const string List = "suppressions";

    public static void MapSuppressions(this IEndpointRouteBuilder routes)
    {
        var suppressions = routes.MapGroup("/api/v1/suppressions").WithTags("Suppressions").RequireAuthorization(Policies.User);
        suppressions.MapGet("/", ListAsync).WithName("ListSuppressions").WithSummary("Who must not be prospected, by hash, a page at a time");
        suppressions.MapGet("/{id:guid}", GetAsync).WithName("GetSuppression").WithSummary("One suppression");
        suppressions.MapPost("/", AddAsync).WithName("AddSuppression").WithSummary("Suppress a phone, an e-mail address, a domain or a place; what is suppressed already stays as it is").WithIdempotency();
        suppressions.MapDelete("/{id:guid}", RemoveAsync).WithName("RemoveSuppression").WithSummary("Let somebody be prospected again; the audit keeps the reason").RequireAuthorization(Policies.Admin);
    }

    private static async Task<Results<Ok<Page<SuppressionView>>, ProblemHttpResult>> ListAsync(
        string? kind, string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Guid>(List, after, out var position, out refusal)) return refusal;
        var entries = context.Suppressions.AsNoTracking().Where(s => s.Id > position);
        if (!string.IsNullOrEmpty(kind))
        {
            if (!Enum.GetNames<SuppressionKind>().Contains(kind, StringComparer.OrdinalIgnoreCase)) return Problem.Invalid("kind", "must be phone, email, domain or placeId.");
            var only = Enum.Parse<SuppressionKind>(kind, ignoreCase: true);
            entries = entries.Where(s => s.Kind == only);
        }
        var page = await entries.OrderBy(s => s.Id).Take(rows + 1)
            .Select(SuppressionView.FromSuppression).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, page, rows, s => cursors.Write(List, s.Id)));
    }

    private static async Task<Results<Ok<SuppressionView>, ProblemHttpResult>> GetAsync(Guid id, HttpResponse response, ShabouContext context, CancellationToken cancellationToken)
    {
        if (await context.Suppressions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is not { } found) return Problem.NotFound("suppression", id);
        ETags.Write(response, found.Version);
        return TypedResults.Ok(SuppressionView.Of(found));
    }

    private static async Task<Results<Created<SuppressionView>, Ok<SuppressionView>, ProblemHttpResult>> AddAsync(
        SuppressionWrite write, HttpResponse response, ShabouContext context, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (write.Errors() is { Count: > 0 } errors) return Problem.Invalid(errors);
        var value = write.Normalised()!;
        if (write.Kind == SuppressionKind.Domain && SiteDomain.Normalise(value) is null)
            return Problem.Unprocessable("value", $"The domain {value} is shared by many; suppress the e-mail address, the phone or the place instead.");
        var (kind, hash) = (write.Kind!.Value, Fingerprint.Of(value));
        var (isNew, row) = await context.InTransactionAsync(async cancellation =>
        {
            await LeadMatch.LockAsync(context, cancellation); // no page that is being stored misses it
            var added = await context.SuppressAsync(kind, hash, write.Reason!.Trim(), actor, time, cancellation);
            return (added, await context.Suppressions.AsNoTracking().SingleAsync(s => s.Hash == hash && s.Kind == kind, cancellation));
        }, cancellationToken);
        ETags.Write(response, row.Version);
        var view = SuppressionView.Of(row);
        return isNew ? TypedResults.Created($"/api/v1/suppressions/{view.Id}", view) : TypedResults.Ok(view);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        Guid id, string? reason, HttpContext http, ShabouContext context, AuditActor actor, CancellationToken cancellationToken)
    {
        if (!SuppressionWrite.IsReason(reason)) return Problem.Invalid("reason", $"must say why, in {SuppressionWrite.ReasonMinLength} to {Suppression.ReasonMaxLength} characters.");
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        var problem = await context.InTransactionAsync(async cancellation =>
        {
            if (await context.Suppressions.SingleOrDefaultAsync(s => s.Id == id, cancellation) is not { } row) return Problem.NotFound("suppression", id);
            if (!expected.Matches(row.Version)) return ExpectedVersion.Stale("suppression", id);
            // The audit takes actor and reason from the row as it was.
            (row.RemovalReason, row.ChangedBy, row.ChangedTrace) = (reason!.Trim(), actor.Name, AuditActor.Trace);
            await context.SaveChangesAsync(cancellation);
            context.Remove(row);
            await context.SaveChangesAsync(cancellation);
            return null;
        }, cancellationToken);
        return problem is null ? TypedResults.NoContent() : problem;
    }
}
