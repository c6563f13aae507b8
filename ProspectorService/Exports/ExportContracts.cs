using Shabou.ProspectorService.Leads;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Exports;

/// <summary>A lead as it leaves the house: our own facts, and Google's content while that may be kept. Nothing that is suppressed.</summary>
/// <param name="PlaceIds">Google's ids, the first found first.</param>
/// <param name="Reasons">Codes of what the score is made of.</param>
/// <param name="Phones">Ours, in E.164, persons' with their consent.</param>
/// <param name="Emails">Ours, persons' with their consent.</param>
/// <param name="Google">Null once expired.</param>
internal sealed record ExportedLead(
    Guid Id, IReadOnlyList<string> PlaceIds, string? Name, LeadStage Stage, string? Owner, string Governorate, int Score, IReadOnlyList<string> Reasons, string? Notes,
    DateOnly? FollowUpOn, IReadOnlyList<string> Phones, IReadOnlyList<string> Emails, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, GoogleView? Google);
