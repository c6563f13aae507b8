using System.Linq.Expressions;
using System.Text.Json;
using Shabou.ProspectorService.Contacts;
using Shabou.ProspectorService.Suppressions;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Leads;

/// <summary>A business that may become a customer, as lists show it.</summary>
/// <param name="PlaceId">Google's id, the first when it has several.</param>
/// <param name="Name">What we call it; null when nobody has said, then Google's name must do.</param>
/// <param name="Governorate">The campaign's location that it was first found in.</param>
/// <param name="Score">0 to 100; GET of the lead has the reasons.</param>
/// <param name="Suppressed">It asked not to be contacted: do not.</param>
/// <param name="Google">What Google says about it; null once that has expired.</param>
internal sealed record LeadView(
    Guid Id, string PlaceId, string? Name, LeadStage Stage, string? Owner, string Governorate, int Score, DateOnly? FollowUpOn, bool Suppressed,
    DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, GoogleView? Google)
{
    /// <summary>One SELECT; content that has expired is not shown, purged or not.</summary>
    public static IQueryable<LeadView> From(IQueryable<Lead> leads, ShabouContext context, DateTimeOffset now)
    {
        var suppressed = context.SuppressedLeads();
        return leads.Select(lead => new LeadView(
            lead.Id, lead.PlaceId, lead.Name, lead.Stage, lead.Owner, lead.Governorate, lead.Score, lead.FollowUpOn, suppressed.Any(id => id == lead.Id),
            lead.FirstSeenAt, lead.LastSeenAt,
            lead.GoogleContent == null || lead.GoogleContent.ExpiresAt <= now ? null : GoogleView.Of(lead.GoogleContent)));
    }
}

/// <summary>Google's content about a lead.</summary>
/// <param name="ExpiresAt">From then on it is neither shown nor kept.</param>
internal sealed record GoogleView(
    string Name, string? Address, double? Latitude, double? Longitude, string? NationalPhone, string? InternationalPhone, string? Website,
    double? Rating, string? BusinessStatus, string[] Types, DateTimeOffset ExpiresAt)
{
    public static GoogleView Of(GoogleContent content) => new(
        content.Name, content.Address, content.Latitude, content.Longitude, content.NationalPhone, content.InternationalPhone, content.Website,
        content.Rating, content.BusinessStatus, content.Types, content.ExpiresAt);
}

/// <summary>Everything that is held about a lead.</summary>
/// <param name="PlaceIds">Google's ids, the first found first.</param>
/// <param name="StageReason">Why it is in that stage.</param>
/// <param name="ScoreVersion">Of the rules that gave the score; 0 when none has.</param>
/// <param name="ScoreReasons">What the score is made of.</param>
internal sealed record LeadDetail(
    Guid Id, IReadOnlyList<string> PlaceIds, string? Name, LeadStage Stage, string? StageReason, string? Owner, string Governorate, string? Notes, DateOnly? FollowUpOn,
    int Score, int ScoreVersion, IReadOnlyList<ScoreReason> ScoreReasons, bool Suppressed, IReadOnlyList<ContactView> Contacts,
    DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, GoogleView? Google, string PlaceId)
{
    public static IReadOnlyList<ScoreReason> Reasons(string json) => JsonSerializer.Deserialize<List<ScoreReason>>(json, JsonSerializerOptions.Web) ?? [];
}

/// <summary>A lead came into a stage.</summary>
/// <param name="From">Null when it was found.</param>
/// <param name="By">Id of the caller, or <c>system</c>.</param>
internal sealed record StageChangeView(DateTimeOffset At, string By, LeadStage? From, LeadStage To, string? Reason)
{
    public static readonly Expression<Func<LeadStageChange, StageChangeView>> FromChange = change =>
        new StageChangeView(change.At, change.Actor, change.FromStage, change.ToStage, change.Reason);

    public static readonly Func<LeadStageChange, StageChangeView> Of = FromChange.Compile();
}
