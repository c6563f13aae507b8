using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>A campaign as clients see it.</summary>
/// <param name="Preset">The trade that its queries are from, or null.</param>
/// <param name="Grid">The area that is cut into cells; null when there are locations.</param>
/// <param name="Searches">Queries times locations or cells.</param>
/// <param name="MostCallsPerRun">Paid calls of a run that finds everything full: it costs no more.</param>
/// <param name="Schedule">Cron expression in the time of Africa/Tunis; null when off.</param>
/// <param name="NextSweepFrom">The next occurrence of the schedule; its sweep starts within a day.</param>
internal sealed record CampaignView(
    Guid Id, string Name, string? Preset, string[] Locations, SearchGrid? Grid, string[] Queries, int PagesPerQuery, string LanguageCode, int Searches, int MostCallsPerRun,
    string? Schedule, string? ScheduleReason, DateTimeOffset? NextSweepFrom, DateTimeOffset CreatedAt)
{
    public static CampaignView Of(Campaign campaign, DateTimeOffset now) => new(
        campaign.Id, campaign.Name, campaign.Preset, campaign.Locations, SearchGrid.Parse(campaign.Grid), campaign.Queries, campaign.PagesPerQuery, campaign.LanguageCode,
        campaign.Searches, campaign.Searches * campaign.PagesPerQuery, campaign.Schedule, campaign.ScheduleReason,
        campaign.Schedule is null ? null : CampaignSchedule.Parse(campaign.Schedule)?.Next(now), campaign.CreatedAt);
}

/// <summary>What a campaign can be made of.</summary>
internal sealed record PresetsView(IReadOnlyList<PresetView> Presets, IReadOnlyList<GovernorateView> Governorates);

/// <param name="Code">What a campaign names.</param>
internal sealed record PresetView(string Code, string Title, string[] Queries);

/// <param name="Code">ISO 3166-2.</param>
internal sealed record GovernorateView(string Code, string Name, string NameAr);

/// <summary>A sweep as clients see it, also the result and progress of its job.</summary>
/// <param name="Id">The id of the job that started it.</param>
/// <param name="JobId">The job that does it now: another one after it was stopped and went on.</param>
/// <param name="StopReason">Null unless stopped, then for example day-cap, month-cap, killed, google-day-quota, key-refused, places-unavailable.</param>
/// <param name="RetryAt">When what stopped it is over and it goes on by itself; null when only a person can tell.</param>
/// <param name="DuePeriod">The month, or day, of the schedule that it is for; null on demand.</param>
/// <param name="MostCalls">Paid calls that it can need at most.</param>
/// <param name="Searches">How many searches it has.</param>
/// <param name="SearchesDone">How many are done.</param>
/// <param name="Calls">Paid calls, as the ledger has them.</param>
/// <param name="Found">Places in the answers: new leads, duplicates and suppressed ones.</param>
/// <param name="NewLeads">Leads that did not exist before.</param>
/// <param name="Duplicates">Places that were leads already.</param>
/// <param name="Suppressed">Places that are on the list of suppressions: no leads.</param>
internal sealed record RunView(
    Guid Id, Guid CampaignId, Guid JobId, [property: JsonConverter(typeof(RunStateText))] CampaignRunState State, string? StopReason, DateTimeOffset? RetryAt, string? DuePeriod,
    int MostCalls, int Searches, int SearchesDone, int Calls, int Found, int NewLeads, int Duplicates, int Suppressed, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public static readonly Expression<Func<CampaignRun, RunView>> FromRun = run => new RunView(
        run.Id, run.CampaignId, run.JobId ?? run.Id, run.State, run.StopReason, run.RetryAt, run.DuePeriod, run.Searches * run.Campaign!.PagesPerQuery, run.Searches, run.Search,
        run.Calls, run.Found, run.NewLeads, run.Duplicates, run.Suppressed, run.CreatedAt, run.FinishedAt);

    public static readonly Func<CampaignRun, RunView> Of = FromRun.Compile();
}

/// <summary>The state as text also where a run is stored as a job's progress or result.</summary>
internal sealed class RunStateText() : JsonStringEnumConverter<CampaignRunState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
