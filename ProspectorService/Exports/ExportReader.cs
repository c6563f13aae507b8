using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Leads;
using Shabou.ProspectorService.Suppressions;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Exports;

/// <summary>Reads leads for an export some hundred at a time, so that any number needs the same memory.</summary>
internal sealed class ExportReader(ShabouContext context, LeadFilter filter, DateTimeOffset now)
{
    private const int Batch = 500;

    public Task<int> CountAsync(CancellationToken cancellationToken) => Leads.CountAsync(cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<ExportedLead>> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var last = Guid.Empty; ;)
        {
            var leads = await Leads.Where(lead => lead.Id > last).OrderBy(lead => lead.Id).Take(Batch).Include(lead => lead.GoogleContent).ToListAsync(cancellationToken);
            if (leads.Count > 0) yield return await CompleteAsync(leads, cancellationToken);
            if (leads.Count < Batch) yield break;
            last = leads[^1].Id;
        }
    }

    private IQueryable<Lead> Leads
    {
        get
        {
            var suppressed = context.SuppressedLeads();
            return filter.Apply(context.Leads.AsNoTracking(), context, now).Where(lead => !suppressed.Any(id => id == lead.Id));
        }
    }

    private async Task<List<ExportedLead>> CompleteAsync(List<Lead> leads, CancellationToken cancellationToken)
    {
        var ids = leads.Select(lead => lead.Id).ToArray();
        var places = (await context.LeadPlaces.AsNoTracking().Where(place => ids.Contains(place.LeadId)).Select(place => new { place.LeadId, place.PlaceId }).ToListAsync(cancellationToken))
            .ToLookup(place => place.LeadId, place => place.PlaceId);
        var suppressed = context.Suppressed(context.LeadContacts);
        var contacts = (await context.LeadContacts.AsNoTracking().Where(contact => ids.Contains(contact.LeadId) && !suppressed.Any(s => s.Id == contact.Id))
            .OrderBy(contact => contact.Id).ToListAsync(cancellationToken)).ToLookup(contact => contact.LeadId);
        return [.. leads.Select(lead => Exported(lead, places[lead.Id], contacts[lead.Id].ToLookup(contact => contact.Kind, contact => contact.Value)))];
    }

    private ExportedLead Exported(Lead lead, IEnumerable<string> places, ILookup<ContactKind, string> contacts) => new(
        lead.Id, [.. places.OrderBy(id => id != lead.PlaceId).ThenBy(id => id, StringComparer.Ordinal)], lead.Name, lead.Stage, lead.Owner, lead.Governorate,
        lead.Score, [.. LeadDetail.Reasons(lead.ScoreReasons).Select(reason => reason.Code)], lead.Notes, lead.FollowUpOn,
        [.. contacts[ContactKind.Phone]], [.. contacts[ContactKind.Email]], lead.FirstSeenAt, lead.LastSeenAt,
        lead.GoogleContent is { } content && content.ExpiresAt > now ? GoogleView.Of(content) : null);
}
