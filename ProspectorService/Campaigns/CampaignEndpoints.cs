using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.ProspectorService.Budgets;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Campaigns;

internal static class CampaignEndpoints
{
    public static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        var campaigns = routes.MapGroup("/api/v1/campaigns").WithTags("Campaigns");
        campaigns.MapGet("/", ListAsync).WithName("ListCampaigns");
        campaigns.MapGet("/{id:guid}", GetAsync).WithName("GetCampaign");
        campaigns.MapGet("/{id:guid}/runs", ListRunsAsync).WithName("ListCampaignRuns");
        campaigns.MapPost("/", CreateAsync).WithName("CreateCampaign").RequireAuthorization(Policies.User);
        campaigns.MapPost("/{id:guid}/runs", RunAsync).WithName("RunCampaign").RequireAuthorization(Policies.User).NeedsBudget(PlacesSku.TextSearchEnterprise);
    }

    private static async Task<Results<Ok<Page<CampaignView>>, ProblemHttpResult>> ListAsync(
        HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken, string? after = null, int? size = null)
    {
        const string list = "campaigns";
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Guid>(list, after, out var position, out refusal)) return refusal;
        var page = await context.Campaigns.AsNoTracking().Where(campaign => campaign.Id > position).OrderBy(campaign => campaign.Id).Take(rows + 1)
            .Select(CampaignView.FromCampaign).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, page, rows, campaign => cursors.Write(list, campaign.Id)));
    }

    private static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> GetAsync(Guid id, ShabouContext context, CancellationToken cancellationToken) =>
        await context.Campaigns.AsNoTracking().Where(campaign => campaign.Id == id).Select(CampaignView.FromCampaign).SingleOrDefaultAsync(cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problem.NotFound("campaign", id);

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

    private static async Task<Results<Created<CampaignView>, ProblemHttpResult>> CreateAsync(
        CampaignWrite write, ShabouContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        if (write.Errors() is { Count: > 0 } errors) return Problem.Invalid(errors);
        var campaign = write.ToCampaign(time.GetUtcNow());
        if (await context.Campaigns.AnyAsync(other => other.Name == campaign.Name, cancellationToken))
            return Problem.Of(ProblemTypes.Conflict, $"There is a campaign '{campaign.Name}' already; choose another name.");
        context.Campaigns.Add(campaign);
        await context.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/api/v1/campaigns/{campaign.Id}", CampaignView.Of(campaign));
    }

    private static async Task<Results<Accepted<RunView>, ProblemHttpResult>> RunAsync(Guid id, StartRun start, CancellationToken cancellationToken)
    {
        var (run, refusal) = await start.StartAsync(id, cancellationToken);
        return run is null ? refusal! : TypedResults.Accepted(JobEndpoints.LocationOf(run.Id), run);
    }
}
