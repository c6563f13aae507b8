using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Leads;

internal static class LeadEndpoints
{
    private const string List = "leads";

    public static void MapLeads(this IEndpointRouteBuilder routes)
    {
        var leads = routes.MapGroup("/api/v1/leads").WithTags("Leads");
        leads.MapGet("/", ListAsync).WithName("ListLeads");
        leads.MapGet("/{id:guid}", GetAsync).WithName("GetLead");
    }

    private static async Task<Results<Ok<Page<LeadView>>, ProblemHttpResult>> ListAsync(
        HttpContext http, ShabouContext context, Cursors cursors, TimeProvider time, CancellationToken cancellationToken,
        string? stage = null, string? governorate = null, Guid? campaign = null, string? after = null, int? size = null)
    {
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Guid>(List, after, out var position, out refusal)) return refusal;
        var leads = context.Leads.AsNoTracking().Where(lead => lead.Id > position);
        if (stage is not null)
        {
            if (!Enum.TryParse<LeadStage>(stage, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return Problem.Invalid("stage", $"must be one of {string.Join(", ", Enum.GetNames<LeadStage>())}.");
            leads = leads.Where(lead => lead.Stage == known);
        }
        if (!string.IsNullOrEmpty(governorate)) leads = leads.Where(lead => lead.Governorate == governorate);
        if (campaign is { } found) leads = leads.Where(lead => context.CampaignLeads.Any(link => link.CampaignId == found && link.LeadId == lead.Id));

        var page = await leads.OrderBy(lead => lead.Id).Take(rows + 1).Select(LeadView.At(time.GetUtcNow())).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, page, rows, lead => cursors.Write(List, lead.Id)));
    }

    private static async Task<Results<Ok<LeadView>, ProblemHttpResult>> GetAsync(
        Guid id, HttpResponse response, ShabouContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var leads = context.Leads.AsNoTracking().Where(lead => lead.Id == id);
        if (await leads.Select(LeadView.At(time.GetUtcNow())).SingleOrDefaultAsync(cancellationToken) is not { } view) return Problem.NotFound("lead", id);
        ETags.Write(response, await leads.Select(lead => lead.Version).SingleAsync(cancellationToken));
        return TypedResults.Ok(view);
    }
}
