using Shabou.ProspectorService.Suppressions;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Contacts;

/// <summary>A new way to reach a lead.</summary>
/// <param name="Kind">phone or email.</param>
/// <param name="Value">The number in any notation, or the address; 254 characters at most.</param>
/// <param name="Source">Where it is from, 1 to 200 characters: "business card", "their own site" ...</param>
/// <param name="PersonName">Whose it is, 100 characters at most; leave it out for a company's phone or a mailbox such as info@.</param>
/// <param name="Consent">Needed for a named person, and for every mailbox that is not a generic one.</param>
internal sealed record ContactWrite(ContactKind? Kind, string? Value, string? Source, string? PersonName = null, ConsentWrite? Consent = null)
{
    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (Kind is null) errors["kind"] = ["must be phone or email."];
        if (string.IsNullOrWhiteSpace(Value) || Value.Length > LeadContact.ValueMaxLength) errors["value"] = [$"must have 1 to {LeadContact.ValueMaxLength} characters."];
        if (string.IsNullOrWhiteSpace(Source) || Source.Length > LeadContact.SourceMaxLength) errors["source"] = [$"must say where it is from, in 1 to {LeadContact.SourceMaxLength} characters."];
        if (PersonName is { } name && (string.IsNullOrWhiteSpace(name) || name.Length > LeadContact.PersonNameMaxLength)) errors["personName"] = [$"must have 1 to {LeadContact.PersonNameMaxLength} characters, or be left out."];
        if (Consent is { } consent && (string.IsNullOrWhiteSpace(consent.How) || consent.How.Length > ContactConsent.HowMaxLength)) errors["consent.how"] = [$"must say how it was given, in 1 to {ContactConsent.HowMaxLength} characters."];
        if (Consent is { GivenAt: null }) errors["consent.givenAt"] = ["must be the moment it was given."];
        return errors;
    }
}

/// <summary>A person's consent.</summary>
/// <param name="GivenAt">When; not in the future.</param>
/// <param name="How">How, 1 to 300 characters: "signed form of 12 November" ...</param>
internal sealed record ConsentWrite(DateTimeOffset? GivenAt, string? How);

/// <summary>Why a consent ends.</summary>
/// <param name="Reason">1 to 150 characters.</param>
internal sealed record WithdrawalWrite(string? Reason)
{
    public const int ReasonMaxLength = 150;
}

/// <summary>A way to reach a lead.</summary>
/// <param name="Value">The number in E.164, or the address in lower case.</param>
/// <param name="IsPersonal">It reaches a person by name.</param>
/// <param name="Suppressed">Do not use it: it is on the list of suppressions.</param>
internal sealed record ContactView(
    Guid Id, ContactKind Kind, string Value, bool IsPersonal, string? PersonName, string Source, ConsentView? Consent, bool Suppressed, DateTimeOffset CreatedAt, string CreatedBy)
{
    public static IQueryable<ContactView> From(IQueryable<LeadContact> contacts, ShabouContext context) => contacts.Select(contact => new ContactView(
        contact.Id, contact.Kind, contact.Value, contact.IsPersonal, contact.PersonName, contact.Source,
        context.ContactConsents.Where(consent => consent.Id == contact.ConsentId).Select(consent => new ConsentView(consent.GivenAt, consent.How, consent.RecordedAt, consent.RecordedBy)).FirstOrDefault(),
        context.Suppressed(context.LeadContacts).Any(suppressed => suppressed.Id == contact.Id),
        contact.CreatedAt, contact.CreatedBy));
}

/// <summary>A consent that was not withdrawn.</summary>
internal sealed record ConsentView(DateTimeOffset GivenAt, string How, DateTimeOffset RecordedAt, string RecordedBy);
