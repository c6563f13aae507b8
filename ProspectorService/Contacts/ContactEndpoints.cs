using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Idempotency;
using Shabou.ProspectorService.Audit;
using Shabou.ProspectorService.Matching;
using Shabou.ProspectorService.Suppressions;
using Shabou.ProspectorService.Transactions;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Contacts;

/// <summary><c>/api/v1/leads/{id}/contacts</c>: how a lead is reached. Contacts are part of their lead: its ETag is theirs.</summary>
internal static class ContactEndpoints
{
    public static void MapContacts(this RouteGroupBuilder leads)
    {
        leads.MapPost("/{id:guid}/contacts", AddContact.AddAsync).WithName("AddLeadContact").WithSummary("Add a phone or an e-mail address; a person's own needs that person's consent").WithIdempotency();
        leads.MapDelete("/{id:guid}/contacts/{contact:guid}", DeleteAsync).WithName("DeleteLeadContact").WithSummary("Remove a contact; If-Match is the lead's");
        leads.MapPost("/{id:guid}/contacts/{contact:guid}/withdrawal", WithdrawAsync).WithName("WithdrawConsent")
            .WithSummary("A person withdraws the consent: the contact goes, the record of the consent stays, and the address is suppressed").WithIdempotency();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, Guid contact, HttpContext http, ShabouContext context, AuditActor actor, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await context.Leads.SingleOrDefaultAsync(l => l.Id == id, cancellationToken) is not { } lead) return Problem.NotFound("lead", id);
        if (!expected.Matches((uint)lead.Revision)) return ExpectedVersion.Stale("lead", id);
        if (await context.LeadContacts.SingleOrDefaultAsync(c => c.Id == contact && c.LeadId == id, cancellationToken) is not { } row) return Problem.NotFound("contact", contact);
        context.Remove(row);
        Touch(lead, actor);
        await context.SaveChangesAsync(cancellationToken);
        ETags.Write(http.Response, (uint)lead.Revision);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(
        Guid id, Guid contact, WithdrawalWrite write, HttpContext http, ShabouContext context, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(write.Reason) || write.Reason.Length > WithdrawalWrite.ReasonMaxLength) return Problem.Invalid("reason", $"must have 1 to {WithdrawalWrite.ReasonMaxLength} characters.");
        var problem = await context.InTransactionAsync(async cancellation =>
        {
            await LeadMatch.LockAsync(context, cancellation);
            if (await context.LeadContacts.SingleOrDefaultAsync(c => c.Id == contact && c.LeadId == id, cancellation) is not { } row) return Problem.NotFound("contact", contact);
            if (row.ConsentId is not { } consentId) return Problem.Of(ProblemTypes.Conflict, $"The contact {contact} has no consent that could be withdrawn; delete it, or add it to the suppressions.");
            context.Remove(row);
            var lead = await context.Leads.SingleAsync(l => l.Id == id, cancellation);
            Touch(lead, actor);
            await context.SaveChangesAsync(cancellation); // first: the table keeps a consent while a contact needs it
            await context.ContactConsents.Where(c => c.Id == consentId)
                .ExecuteUpdateAsync(c => c.SetProperty(x => x.WithdrawnAt, time.GetUtcNow()).SetProperty(x => x.WithdrawnBy, actor.Name), cancellation);
            await context.SuppressAsync(row.Kind == ContactKind.Phone ? SuppressionKind.Phone : SuppressionKind.Email, row.Hash, $"consent withdrawn: {write.Reason.Trim()}", actor, time, cancellation);
            ETags.Write(http.Response, (uint)lead.Revision);
            return null;
        }, cancellationToken);
        return problem is null ? TypedResults.NoContent() : problem;
    }

    /// <summary>The lead has another version now.</summary>
    internal static void Touch(Lead lead, AuditActor actor)
    {
        (lead.ChangedBy, lead.ChangedTrace) = (actor.Name, AuditActor.Trace);
        lead.Revision++;
    }
}
