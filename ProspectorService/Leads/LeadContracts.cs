using System.Linq.Expressions;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Leads;

/// <summary>A business that may become a customer.</summary>
/// <param name="Governorate">The campaign's location that it was first found in.</param>
/// <param name="Google">What Google says about it; null once that has expired.</param>
internal sealed record LeadView(
    Guid Id, string PlaceId, LeadStage Stage, string Governorate, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, GoogleView? Google)
{
    /// <summary>One SELECT; content that has expired is not shown, purged or not.</summary>
    public static Expression<Func<Lead, LeadView>> At(DateTimeOffset now) => lead => new LeadView(
        lead.Id, lead.PlaceId, lead.Stage, lead.Governorate, lead.FirstSeenAt, lead.LastSeenAt,
        lead.GoogleContent == null || lead.GoogleContent.ExpiresAt <= now
            ? null
            : new GoogleView(
                lead.GoogleContent.Name, lead.GoogleContent.Address, lead.GoogleContent.Latitude, lead.GoogleContent.Longitude,
                lead.GoogleContent.NationalPhone, lead.GoogleContent.InternationalPhone, lead.GoogleContent.Website, lead.GoogleContent.Rating,
                lead.GoogleContent.BusinessStatus, lead.GoogleContent.Types, lead.GoogleContent.ExpiresAt));
}

/// <summary>Google's content about a lead.</summary>
/// <param name="ExpiresAt">From then on it is neither shown nor kept.</param>
internal sealed record GoogleView(
    string Name, string? Address, double? Latitude, double? Longitude, string? NationalPhone, string? InternationalPhone, string? Website,
    double? Rating, string? BusinessStatus, string[] Types, DateTimeOffset ExpiresAt);
