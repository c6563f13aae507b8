using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Contacts;
using Shabou.ProspectorService.Suppressions;
using Shabou.Schema;

namespace Shabou.ProspectorService.Leads;

/// <summary>Reads one lead whole, with the revision that its ETag is made of.</summary>
internal sealed class LeadReader(ShabouContext context, TimeProvider time)
{
    public async Task<(LeadDetail Lead, int Revision)?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var suppressed = context.SuppressedLeads();
        var found = await context.Leads.AsNoTracking().Where(lead => lead.Id == id)
            .Select(lead => new { Lead = lead, lead.GoogleContent, Suppressed = suppressed.Any(s => s == lead.Id) })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        var first = found.Lead.PlaceId;
        var places = await context.LeadPlaces.Where(place => place.LeadId == id).OrderBy(place => place.PlaceId == first ? 0 : 1).ThenBy(place => place.PlaceId)
            .Select(place => place.PlaceId).ToListAsync(cancellationToken);
        var contacts = await ContactView.From(context.LeadContacts.AsNoTracking().Where(contact => contact.LeadId == id).OrderBy(contact => contact.Id), context)
            .ToListAsync(cancellationToken);
        var (lead, content) = (found.Lead, found.GoogleContent);
        return (new(
            id, places, lead.Name, lead.Stage, lead.StageReason, lead.Owner, lead.Governorate, lead.Notes, lead.FollowUpOn,
            lead.Score, lead.ScoreVersion, LeadDetail.Reasons(lead.ScoreReasons), found.Suppressed, contacts, lead.FirstSeenAt, lead.LastSeenAt,
            content is null || content.ExpiresAt <= now ? null : GoogleView.Of(content), lead.PlaceId), lead.Revision);
    }
}
