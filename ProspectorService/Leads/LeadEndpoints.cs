using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ProspectorService.Contacts;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Leads;

internal static class LeadEndpoints
{
    public static void MapLeads(this IEndpointRouteBuilder routes)
    {
        var leads = routes.MapGroup("/api/v1/leads").WithTags("Leads").RequireAuthorization(Policies.User);
        leads.MapGet("/", ListAsync).WithName("ListLeads").WithSummary("Leads that match, a page at a time, the first found or the best first");
        leads.MapGet("/{id:guid}", GetAsync).WithName("GetLead").WithSummary("Everything that is held about a lead: contacts, and what its score is made of");
        leads.MapGet("/{id:guid}/history", HistoryAsync).WithName("ListLeadHistory").WithSummary("The stages of a lead, newest first: who, when, from, to");
        leads.MapPatch("/{id:guid}", EditLead.EditAsync).WithName("EditLead").WithSummary("Change stage, owner, name, notes or the day of the next call");
        leads.MapDelete("/{id:guid}", EraseLead.EraseAsync).WithName("EraseLead").WithSummary("Erase a lead and all that is held about it; a later sweep does not bring it back");
        leads.MapContacts();
    }

    private static async Task<Results<Ok<Page<LeadView>>, ProblemHttpResult>> ListAsync(
        [AsParameters] LeadFilter filter, string? sort, string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, TimeProvider time, CancellationToken cancellationToken)
    {
        if (filter.Refuse() is { } invalid) return invalid;
        if (sort is not (null or "" or "found" or "score")) return Problem.Invalid("sort", "must be found (the default: first found first) or score (best first).");
        var best = sort == "score";
        var list = best ? "leads?sort=score" : "leads";
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<Position>(list, after, out var last, out refusal)) return refusal;
        var now = time.GetUtcNow();
        var leads = filter.Apply(context.Leads.AsNoTracking(), context, now);
        if (last is { Id: var id, Score: var score }) leads = best ? leads.Where(l => l.Score < score || (l.Score == score && l.Id > id)) : leads.Where(l => l.Id > id);
        var ordered = best ? leads.OrderByDescending(l => l.Score).ThenBy(l => l.Id) : leads.OrderBy(l => l.Id);
        var page = await LeadView.From(ordered.Take(rows + 1), context, now).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, page, rows, lead => cursors.Write(list, new Position(lead.Score, lead.Id))));
    }

    private static async Task<Results<Ok<LeadDetail>, ProblemHttpResult>> GetAsync(
        Guid id, HttpResponse response, LeadReader reader, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(id, cancellationToken) is not { } found) return Problem.NotFound("lead", id);
        ETags.Write(response, (uint)found.Revision);
        return TypedResults.Ok(found.Lead);
    }

    private static async Task<Results<Ok<Page<StageChangeView>>, ProblemHttpResult>> HistoryAsync(
        Guid id, string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken)
    {
        var list = $"leads/{id}/history";
        if (!Pages.TryReadSize(size, out var rows, out var refusal) || !cursors.TryRead<long>(list, after, out var last, out refusal)) return refusal;
        var changes = context.LeadStageChanges.AsNoTracking().Where(change => change.LeadId == id && (last == 0 || change.Id < last));
        var page = await changes.OrderByDescending(change => change.Id).Take(rows + 1).ToListAsync(cancellationToken);
        if (page.Count == 0 && last == 0) return Problem.NotFound("lead", id); // being found is the first change of each
        var cut = Pages.Cut(http, page, rows, change => cursors.Write(list, change.Id));
        return TypedResults.Ok(new Page<StageChangeView>([.. cut.Items.Select(StageChangeView.Of)], cut.Next));
    }

    private sealed record Position(int Score, Guid Id);
}
