using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>A new campaign: every query is asked for every location.</summary>
/// <param name="Name">Unique, 1 to 100 characters.</param>
/// <param name="Locations">Governorates or towns, 1 to 50.</param>
/// <param name="Queries">What is looked for, 1 to 50.</param>
/// <param name="PagesPerQuery">1 to 3, default 3; each page has up to twenty places and is one paid call.</param>
/// <param name="LanguageCode">fr (default), ar or en.</param>
internal sealed record CampaignWrite(
    string? Name, IReadOnlyList<string?>? Locations, IReadOnlyList<string?>? Queries, int PagesPerQuery = Campaign.MostPages, string LanguageCode = "fr")
{
    private const int MostItems = 50;
    private static readonly string[] Languages = ["fr", "ar", "en"];

    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(Name) || Name.Trim().Length > Campaign.NameMaxLength) errors["name"] = [$"must have 1 to {Campaign.NameMaxLength} characters."];
        if (!AreGood(Locations, Campaign.LocationMaxLength)) errors["locations"] = [$"must be 1 to {MostItems} different texts of 1 to {Campaign.LocationMaxLength} characters."];
        if (!AreGood(Queries, Campaign.QueryMaxLength)) errors["queries"] = [$"must be 1 to {MostItems} different texts of 1 to {Campaign.QueryMaxLength} characters."];
        if (PagesPerQuery is < 1 or > Campaign.MostPages) errors["pagesPerQuery"] = [$"must be 1 to {Campaign.MostPages}: Google answers no more."];
        if (!Languages.Contains(LanguageCode)) errors["languageCode"] = [$"must be one of {string.Join(", ", Languages)}."];
        return errors;
    }

    /// <summary>The campaign; call it only when there are no errors.</summary>
    public Campaign ToCampaign(DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Name = Name!.Trim(),
        Locations = [.. Locations!.Select(location => location!.Trim())],
        Queries = [.. Queries!.Select(query => query!.Trim())],
        Searches = Locations!.Count * Queries!.Count,
        PagesPerQuery = PagesPerQuery,
        LanguageCode = LanguageCode,
        CreatedAt = now,
    };

    private static bool AreGood(IReadOnlyList<string?>? items, int longest) =>
        items is { Count: > 0 and <= MostItems }
        && items.All(item => !string.IsNullOrWhiteSpace(item) && item.Trim().Length <= longest)
        && items.Select(item => item!.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() == items.Count;
}

/// <summary>A campaign as clients see it.</summary>
/// <param name="MostCallsPerRun">Paid calls of a run that finds everything full.</param>
internal sealed record CampaignView(
    Guid Id, string Name, string[] Locations, string[] Queries, int PagesPerQuery, string LanguageCode, int MostCallsPerRun, DateTimeOffset CreatedAt)
{
    public static readonly Expression<Func<Campaign, CampaignView>> FromCampaign = campaign => new CampaignView(
        campaign.Id, campaign.Name, campaign.Locations, campaign.Queries, campaign.PagesPerQuery, campaign.LanguageCode,
        campaign.Locations.Length * campaign.Queries.Length * campaign.PagesPerQuery, campaign.CreatedAt);

    public static readonly Func<Campaign, CampaignView> Of = FromCampaign.Compile();
}

/// <summary>A sweep as clients see it, also the result and progress of its job.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="StopReason">Null unless stopped, then for example day-cap, month-cap, killed, google-day-quota, key-refused, places-unavailable.</param>
/// <param name="RetryAt">When what stopped it is over; null when only a person can tell.</param>
/// <param name="Searches">How many searches it has, locations times queries.</param>
/// <param name="SearchesDone">How many are done.</param>
/// <param name="Calls">Paid calls, as the ledger has them.</param>
/// <param name="Found">Places in the answers: new leads, duplicates and suppressed ones.</param>
/// <param name="NewLeads">Leads that did not exist before.</param>
/// <param name="Duplicates">Places that were leads already.</param>
/// <param name="Suppressed">Places that are on the list of suppressions: no leads.</param>
internal sealed record RunView(
    Guid Id, Guid CampaignId, [property: JsonConverter(typeof(RunStateText))] CampaignRunState State, string? StopReason, DateTimeOffset? RetryAt, int Searches, int SearchesDone,
    int Calls, int Found, int NewLeads, int Duplicates, int Suppressed, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public static readonly Expression<Func<CampaignRun, RunView>> FromRun = run => new RunView(
        run.Id, run.CampaignId, run.State, run.StopReason, run.RetryAt, run.Campaign!.Locations.Length * run.Campaign.Queries.Length, run.Search,
        run.Calls, run.Found, run.NewLeads, run.Duplicates, run.Suppressed, run.CreatedAt, run.FinishedAt);

    public static readonly Func<CampaignRun, RunView> Of = FromRun.Compile();
}

/// <summary>The state as text also where a run is stored as a job's progress or result.</summary>
internal sealed class RunStateText() : JsonStringEnumConverter<CampaignRunState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
