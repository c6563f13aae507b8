using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Idempotency;
using Shabou.Jobs;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Regions;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Campaigns;

internal static class CampaignEndpoints
{
    public static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        var campaigns = routes.MapGroup("/api/v1/campaigns").WithTags("Campaigns").RequireAuthorization(Policies.User);
        campaigns.MapGet("/", ListAsync).WithName("ListCampaigns").WithSummary("All campaigns, a page at a time");
        campaigns.MapGet("/presets", ListPresets).WithName("ListCampaignPresets").WithSummary("What a campaign can be made of: trades with their queries, and the 24 governorates");
        campaigns.MapGet("/{id:guid}", GetAsync).WithName("GetCampaign").WithSummary("One campaign, with what a run of it costs at most");
        campaigns.MapGet("/{id:guid}/runs", ListRunsAsync).WithName("ListCampaignRuns").WithSummary("The sweeps of a campaign, a page at a time, the first one first");
        campaigns.MapPost("/", WriteCampaign.CreateAsync).WithName("CreateCampaign").WithSummary("Add a campaign: a trade or queries, in governorates, locations or a grid").WithIdempotency();
        campaigns.MapPut("/{id:guid}", WriteCampaign.ReplaceAsync).WithName("ReplaceCampaign").WithSummary("Replace a campaign that is not sweeping now");
        campaigns.MapDelete("/{id:guid}", WriteCampaign.DeleteAsync).WithName("DeleteCampaign").WithSummary("Delete a campaign that is not sweeping now, with its runs; its leads stay");
        campaigns.MapPost("/{id:guid}/runs", RunAsync).WithName("RunCampaign").WithSummary("Sweep now, within the budget; the answer says how many calls it can need")
            .NeedsBudget(PlacesSku.TextSearchEnterprise).WithIdempotency();
    }

    private static async Task<Results<Ok<Page<CampaignView>>, ProblemHttpResult>> ListAsync(
        HttpContext http, ShabouContext context, Cursors cursors, TimeProvider time, CancellationToken cancellationToken, string? after = null, int? size = null)
    {
        const string list = "campaigns";
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Guid>(list, after, out var position, out refusal)) return refusal;
        var page = await context.Campaigns.AsNoTracking().Where(campaign => campaign.Id > position).OrderBy(campaign => campaign.Id).Take(rows + 1).ToListAsync(cancellationToken);
        var cut = Pages.Cut(http, page, rows, campaign => cursors.Write(list, campaign.Id));
        return TypedResults.Ok(new Page<CampaignView>([.. cut.Items.Select(campaign => CampaignView.Of(campaign, time.GetUtcNow()))], cut.Next));
    }

    private static Ok<PresetsView> ListPresets() => TypedResults.Ok(new PresetsView(
        [.. Presets.All.Select(preset => new PresetView(preset.Code, preset.Title, preset.Queries))],
        [.. Governorates.All.Select(governorate => new GovernorateView(governorate.Code, governorate.Name, governorate.NameAr))]));

    private static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> GetAsync(
        Guid id, HttpResponse response, ShabouContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await context.Campaigns.AsNoTracking().SingleOrDefaultAsync(campaign => campaign.Id == id, cancellationToken) is not { } campaign) return Problem.NotFound("campaign", id);
        ETags.Write(response, campaign.Version);
        return TypedResults.Ok(CampaignView.Of(campaign, time.GetUtcNow()));
    }

    private static async Task<Results<Ok<Page<RunView>>, ProblemHttpResult>> ListRunsAsync(
        Guid id, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken, string? after = null, int? size = null)
    {
        var list = $"campaigns/{id}/runs";
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Guid>(list, after, out var position, out refusal)) return refusal;
        if (!await context.Campaigns.AnyAsync(campaign => campaign.Id == id, cancellationToken)) return Problem.NotFound("campaign", id);
        var page = await context.CampaignRuns.AsNoTracking().Where(run => run.CampaignId == id && run.Id > position).OrderBy(run => run.Id).Take(rows + 1)
            .Select(RunView.FromRun).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, page, rows, run => cursors.Write(list, run.Id)));
    }

    private static async Task<Results<Accepted<RunView>, ProblemHttpResult>> RunAsync(Guid id, StartRun start, CancellationToken cancellationToken)
    {
        var (run, refusal) = await start.StartAsync(id, duePeriod: null, cancellationToken);
        return run is null ? refusal! : TypedResults.Accepted(JobEndpoints.LocationOf(run.JobId), run);
    }
}
