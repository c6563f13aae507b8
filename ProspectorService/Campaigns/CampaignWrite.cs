using Shabou.ProspectorService.Regions;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>A campaign: every query is asked for every location, or in every cell of a grid.</summary>
/// <param name="Name">Unique, 1 to 100 characters.</param>
/// <param name="Locations">Towns or regions as people write them, 50 at most.</param>
/// <param name="Queries">What is looked for, 50 at most with those of the preset.</param>
/// <param name="PagesPerQuery">1 to 3, default 3; each page has up to twenty places and is one paid call.</param>
/// <param name="LanguageCode">fr (default), ar or en.</param>
/// <param name="Preset">A trade instead of queries, see GET /api/v1/campaigns/presets.</param>
/// <param name="Governorates">By code or name, or "all".</param>
/// <param name="Grid">An area cut into cells, instead of locations and governorates.</param>
/// <param name="Schedule">monthly (the default), off, or a cron expression of Quartz in the time of Africa/Tunis.</param>
/// <param name="ScheduleReason">3 to 300 characters; needed for more than one sweep a month.</param>
internal sealed record CampaignWrite(
    string? Name, IReadOnlyList<string?>? Locations = null, IReadOnlyList<string?>? Queries = null, int PagesPerQuery = Campaign.MostPages, string LanguageCode = "fr",
    string? Preset = null, IReadOnlyList<string?>? Governorates = null, GridWrite? Grid = null, string? Schedule = null, string? ScheduleReason = null)
{
    private const int MostItems = 50;
    private const string Everywhere = "all";
    private static readonly string[] Languages = ["fr", "ar", "en"];

    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(Name) || Name.Trim().Length > Campaign.NameMaxLength) errors["name"] = [$"must have 1 to {Campaign.NameMaxLength} characters."];
        if (Locations is not null && !AreGood(Locations, Campaign.LocationMaxLength)) errors["locations"] = [$"must be 1 to {MostItems} different texts of 1 to {Campaign.LocationMaxLength} characters."];
        if (Governorates is not null && !AreGood(Governorates, Campaign.LocationMaxLength)) errors["governorates"] = [$"must be 1 to {MostItems} different codes or names, or \"all\"."];
        if (Queries is not null && !AreGood(Queries, Campaign.QueryMaxLength)) errors["queries"] = [$"must be 1 to {MostItems} different texts of 1 to {Campaign.QueryMaxLength} characters."];
        if (Grid is not null && (Locations is not null || Governorates is not null)) errors["grid"] = ["takes the place of locations and governorates; send one of them."];
        else if (Grid?.Problem() is { } problem) errors["grid"] = [problem];
        else if (Grid is null && Locations is null && Governorates is null) errors["locations"] = ["or governorates or a grid must say where."];
        if (Preset is null && Queries is null) errors["queries"] = ["or a preset must say what to look for."];
        if (PagesPerQuery is < 1 or > Campaign.MostPages) errors["pagesPerQuery"] = [$"must be 1 to {Campaign.MostPages}: Google answers no more."];
        if (!Languages.Contains(LanguageCode)) errors["languageCode"] = [$"must be one of {string.Join(", ", Languages)}."];
        if (Schedule?.Length > Campaign.ScheduleMaxLength || (Cron is { } cron && CampaignSchedule.Parse(cron)?.Next(DateTimeOffset.UnixEpoch.AddYears(56)) is null))
            errors["schedule"] = ["must be monthly, off, or a cron expression with seconds, such as 0 0 3 1 * ?"];
        if (ScheduleReason is not null && ScheduleReason.Trim().Length is < 3 or > Campaign.ScheduleReasonMaxLength) errors["scheduleReason"] = [$"must have 3 to {Campaign.ScheduleReasonMaxLength} characters."];
        return errors;
    }

    /// <summary>What is well formed but cannot be done; empty when nothing is. Call it only when there are no errors.</summary>
    /// <param name="mostCalls">Calls of a month: a sweep that needs more would never end.</param>
    public Dictionary<string, string[]> Impossibilities(int mostCalls)
    {
        var errors = new Dictionary<string, string[]>();
        if (Preset is not null && Presets.Find(Preset) is null) errors["preset"] = [$"There is no preset '{Preset}'; GET /api/v1/campaigns/presets lists them."];
        var unknown = (Governorates ?? []).Where(text => text!.Trim() != Everywhere && Regions.Governorates.Find(text) is null).ToList();
        if (unknown.Count > 0) errors["governorates"] = [$"There is no governorate '{unknown[0]}'; GET /api/v1/campaigns/presets lists them. Towns are locations."];
        if (ScheduleReason is null && Cron is { } cron && CampaignSchedule.Parse(cron)!.IsMoreOftenThanMonthly)
            errors["scheduleReason"] = ["A sweep pays for every page: more than one a month needs a scheduleReason."];
        if (errors.Count > 0) return errors;
        var calls = (Grid?.ToGrid().Cells ?? AllLocations().Length) * AllQueries().Length * PagesPerQuery;
        if (AllLocations().Length > MostItems || AllQueries().Length > MostItems) errors["queries"] = [$"{MostItems} locations and {MostItems} queries are the most, governorates and preset included."];
        else if (calls > mostCalls) errors["pagesPerQuery"] = [$"A sweep may need {calls} calls, more than the {mostCalls} of a month; take fewer locations, queries or pages."];
        return errors;
    }

    /// <summary>Puts all but id, time of creation and stamps into a campaign. Call it only when nothing is wrong or impossible.</summary>
    public Campaign Fill(Campaign campaign, DateTimeOffset now)
    {
        var grid = Grid?.ToGrid();
        campaign.Name = Name!.Trim();
        campaign.Preset = Preset;
        campaign.Locations = AllLocations();
        campaign.Queries = AllQueries();
        campaign.Grid = grid?.ToJson();
        campaign.Searches = (grid?.Cells ?? campaign.Locations.Length) * campaign.Queries.Length;
        campaign.PagesPerQuery = PagesPerQuery;
        campaign.LanguageCode = LanguageCode;
        if (campaign.Schedule != Cron) campaign.ScheduledSince = Cron is null ? null : now;
        campaign.Schedule = Cron;
        campaign.ScheduleReason = ScheduleReason?.Trim();
        return campaign;
    }

    private string? Cron => Schedule?.Trim() switch { null or "" or "monthly" => CampaignSchedule.Monthly, "off" => null, var cron => cron };

    private string[] AllLocations() =>
    [
        .. (Governorates ?? []).SelectMany(text => text!.Trim() == Everywhere ? Regions.Governorates.All : [Regions.Governorates.Find(text)!]).Select(governorate => governorate.Name)
            .Concat((Locations ?? []).Select(location => location!.Trim())).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private string[] AllQueries() => [.. (Presets.Find(Preset)?.Queries ?? []).Concat((Queries ?? []).Select(query => query!.Trim())).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static bool AreGood(IReadOnlyList<string?> items, int longest) =>
        items is { Count: > 0 and <= MostItems }
        && items.All(item => !string.IsNullOrWhiteSpace(item) && item.Trim().Length <= longest)
        && items.Select(item => item!.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() == items.Count;
}
