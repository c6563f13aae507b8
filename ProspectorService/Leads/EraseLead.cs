using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Audit;
using Shabou.ProspectorService.Matching;
using Shabou.ProspectorService.Transactions;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Leads;

/// <summary>Erases on request: the row with all that hangs on it is gone, hashes on the list of suppressions keep it from coming back, and the
/// audit says that it happened, without what it was.</summary>
internal static class EraseLead
{
    public const string Reason = "erased on request";

    public static async Task<Results<NoContent, ProblemHttpResult>> EraseAsync(
        Guid id, HttpContext http, ShabouContext context, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        var problem = await context.InTransactionAsync(async cancellation =>
        {
            await LeadMatch.LockAsync(context, cancellation);
            var revision = await context.Leads.Where(l => l.Id == id).Select(l => (int?)l.Revision).SingleOrDefaultAsync(cancellation);
            if (revision is null) return Problem.NotFound("lead", id);
            if (!expected.Matches((uint)revision)) return ExpectedVersion.Stale("lead", id);
            await SuppressAsync(context, id, actor, time.GetUtcNow(), cancellation);
            // The audit takes the actor from the row as it was; the revision again, for a person may have changed it since.
            await context.Leads.Where(l => l.Id == id).ExecuteUpdateAsync(l => l.SetProperty(x => x.ChangedBy, actor.Name).SetProperty(x => x.ChangedTrace, AuditActor.Trace), cancellation);
            return await context.Leads.Where(l => l.Id == id && l.Revision == revision).ExecuteDeleteAsync(cancellation) == 1 ? null : ExpectedVersion.Stale("lead", id);
        }, cancellationToken);
        return problem is null ? TypedResults.NoContent() : problem;
    }

    private static Task<int> SuppressAsync(ShabouContext context, Guid lead, AuditActor actor, DateTimeOffset now, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync($"""
        INSERT INTO prospector.suppressions (id, kind, hash, reason, created_at, created_by, changed_by, changed_trace)
        SELECT gen_random_uuid(), kind, hash, {Reason}, {now}, {actor.Name}, {actor.Name}, {AuditActor.Trace}::text FROM (
            SELECT 'PlaceId' AS kind, place_hash AS hash FROM prospector.lead_places WHERE lead_id = {lead}
            UNION SELECT 'Phone', phone_hash FROM prospector.lead_places WHERE lead_id = {lead} AND phone_hash IS NOT NULL
            UNION SELECT 'Domain', domain_hash FROM prospector.lead_places WHERE lead_id = {lead} AND domain_hash IS NOT NULL
            UNION SELECT kind, hash FROM prospector.lead_contacts WHERE lead_id = {lead}) AS known
        ON CONFLICT (hash, kind) DO NOTHING
        """, cancellationToken);
}
