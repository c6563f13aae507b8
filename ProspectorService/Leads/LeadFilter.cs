using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Regions;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Leads;

/// <summary>What narrows a list or an export of leads. All given filters must match.</summary>
/// <param name="Campaign">Found by this campaign.</param>
/// <param name="Stage">In this stage.</param>
/// <param name="Owner">Worked on by this person, as the lead writes it.</param>
/// <param name="Governorate">By code or name, or a campaign's location as the lead writes it.</param>
/// <param name="MinScore">At least this score, 0 to 100.</param>
/// <param name="DueBy">To be followed up on this day or before.</param>
/// <param name="Q">Part of our name, of the notes, or of Google's name while that may be kept.</param>
internal sealed record LeadFilter(Guid? Campaign, string? Stage, string? Owner, string? Governorate, int? MinScore, DateOnly? DueBy, string? Q)
{
    private const int QMaxLength = 100;

    /// <summary>A refusal that names every wrong filter, or null.</summary>
    public ProblemHttpResult? Refuse()
    {
        var errors = new Dictionary<string, string[]>();
        if (!string.IsNullOrEmpty(Stage) && KnownStage is null) errors["stage"] = [$"must be one of {string.Join(", ", Enum.GetNames<LeadStage>().Select(name => name.ToLowerInvariant()))}."];
        if (Owner?.Length > Lead.OwnerMaxLength) errors["owner"] = [$"must have at most {Lead.OwnerMaxLength} characters."];
        if (Governorate?.Length > Lead.GovernorateMaxLength) errors["governorate"] = [$"must have at most {Lead.GovernorateMaxLength} characters."];
        if (MinScore is < 0 or > 100) errors["minScore"] = ["must be 0 to 100."];
        if (Q?.Length > QMaxLength || (!string.IsNullOrEmpty(Q) && Words.Length == 0)) errors["q"] = [$"must have letters or digits, {QMaxLength} characters at most."];
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }

    /// <param name="leads">To be narrowed.</param>
    /// <param name="context">Has the campaigns.</param>
    /// <param name="now">Google's names that have expired by then are not searched.</param>
    public IQueryable<Lead> Apply(IQueryable<Lead> leads, ShabouContext context, DateTimeOffset now)
    {
        if (KnownStage is { } stage) leads = leads.Where(lead => lead.Stage == stage);
        if (!string.IsNullOrEmpty(Owner)) leads = leads.Where(lead => lead.Owner == Owner);
        if (!string.IsNullOrEmpty(Governorate))
        {
            var name = Governorates.Find(Governorate)?.Name ?? Governorate;
            leads = leads.Where(lead => lead.Governorate == name);
        }
        if (MinScore is { } score) leads = leads.Where(lead => lead.Score >= score);
        if (DueBy is { } day) leads = leads.Where(lead => lead.FollowUpOn <= day);
        if (Campaign is { } campaign) leads = leads.Where(lead => context.CampaignLeads.Any(link => link.CampaignId == campaign && link.LeadId == lead.Id));
        if (!string.IsNullOrEmpty(Q))
        {
            var pattern = $"%{Words}%"; // letters, digits and spaces only
            leads = leads.Where(lead => EF.Functions.Like(lead.Search, pattern)
                || (lead.GoogleContent != null && lead.GoogleContent.ExpiresAt > now && EF.Functions.Like(lead.GoogleContent.MatchName!, pattern)));
        }
        return leads;
    }

    private LeadStage? KnownStage => Enum.GetNames<LeadStage>().Contains(Stage, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<LeadStage>(Stage!, ignoreCase: true) : null;

    private string Words => string.Join(' ', SearchText.Words(Q ?? ""));
}
