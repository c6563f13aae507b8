using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Audit;
using Shabou.ProspectorService.Matching;
using Shabou.ProspectorService.Suppressions;
using Shabou.ProspectorService.Transactions;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Contacts;

/// <summary>Adds a contact, unless it is suppressed, or a person's without consent. The table repeats the second rule.</summary>
internal static class AddContact
{
    public static async Task<Results<Created<ContactView>, ProblemHttpResult>> AddAsync(
        Guid id, ContactWrite write, HttpContext http, ShabouContext context, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (write.Errors() is { Count: > 0 } errors) return Problem.Invalid(errors);
        var now = time.GetUtcNow();
        var value = write.Kind == ContactKind.Phone ? PhoneNumber.Normalise(write.Value) : EmailAddress.Normalise(write.Value);
        if (value is null) return Problem.Invalid("value", write.Kind == ContactKind.Phone ? "must be a phone number: eight digits, or with its country's code." : "must be an e-mail address.");
        if (write.Consent?.GivenAt > now) return Problem.Unprocessable("consent.givenAt", "A consent cannot be given in the future; send when it was given.");
        var personal = write.PersonName is not null || (write.Kind == ContactKind.Email && !GenericMailboxes.Has(value));
        if (personal && write.Consent is null)
            return Problem.Unprocessable("consent", "It reaches a person by name, which needs that person's consent: send when and how it was given, or the company's phone or a mailbox such as info@ instead.");

        var (contact, problem) = await context.InTransactionAsync(async cancellation =>
        {
            await LeadMatch.LockAsync(context, cancellation);
            return await StoreAsync(new(id, write, value, personal, now), http, context, actor, cancellation);
        }, cancellationToken);
        return problem is not null ? problem : TypedResults.Created($"/api/v1/leads/{id}", contact!);
    }

    private static async Task<(ContactView?, ProblemHttpResult?)> StoreAsync(Wish wish, HttpContext http, ShabouContext context, AuditActor actor, CancellationToken cancellationToken)
    {
        if (await context.Leads.SingleOrDefaultAsync(l => l.Id == wish.LeadId, cancellationToken) is not { } lead) return (null, Problem.NotFound("lead", wish.LeadId));
        if (await context.LeadContacts.AnyAsync(c => c.LeadId == lead.Id && c.Kind == wish.Write.Kind && c.Value == wish.Value, cancellationToken))
            return (null, Problem.Of(ProblemTypes.Conflict, $"The lead {lead.Id} has this contact already; delete it there first to change it."));
        var contact = Contact(wish, actor);
        if (await context.IsSuppressedAsync(contact, cancellationToken))
            return (null, Problem.Of(ProblemTypes.Conflict, $"This {(wish.Write.Kind == ContactKind.Phone ? "phone" : "e-mail address")} is on the list of suppressions: its owner does not want to be contacted."));
        if (wish.Write.Consent is { } consent)
        {
            var given = new ContactConsent
            {
                Id = contact.ConsentId!.Value, LeadId = lead.Id, ContactHash = contact.Hash, GivenAt = consent.GivenAt!.Value.ToUniversalTime(), How = consent.How!.Trim(),
                RecordedAt = wish.Now, RecordedBy = actor.Name,
            };
            context.Add(given);
        }
        context.Add(contact);
        ContactEndpoints.Touch(lead, actor);
        await context.SaveChangesAsync(cancellationToken);
        var view = await ContactView.From(context.LeadContacts.AsNoTracking().Where(c => c.Id == contact.Id), context).SingleAsync(cancellationToken);
        ETags.Write(http.Response, (uint)lead.Revision);
        return (view, null);
    }

    private static LeadContact Contact(Wish wish, AuditActor actor) => new()
    {
        Id = Guid.CreateVersion7(wish.Now), LeadId = wish.LeadId, Kind = wish.Write.Kind!.Value, Value = wish.Value, Hash = Fingerprint.Of(wish.Value),
        DomainHash = wish.Write.Kind == ContactKind.Email ? Fingerprint.Of(EmailAddress.DomainOf(wish.Value)) : null,
        IsPersonal = wish.Personal, PersonName = wish.Write.PersonName?.Trim(), Source = wish.Write.Source!.Trim(),
        ConsentId = wish.Write.Consent is null ? null : Guid.CreateVersion7(wish.Now), CreatedAt = wish.Now, CreatedBy = actor.Name,
    };

    private sealed record Wish(Guid LeadId, ContactWrite Write, string Value, bool Personal, DateTimeOffset Now);
}
