using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.ProspectorService.Budgets;

/// <summary><c>/api/v1/budget</c>: what may be spent, what was, and who changed that.</summary>
internal static class BudgetEndpoints
{
    private const string Changes = "budget/changes";

    public static void MapBudget(this IEndpointRouteBuilder routes)
    {
        var budget = routes.MapGroup("/api/v1/budget").WithTags("Budget");
        budget.MapGet("/", GetAsync).WithName("GetBudget").WithSummary("Caps, calls, money, switch, alerts and prices");
        budget.MapGet("/changes", ListChangesAsync).WithName("ListBudgetChanges").WithSummary("Who moved the switch or the caps, newest first");
        budget.MapPut("/switch", SwitchAsync).WithName("SwitchBudget").WithSummary("Stop all paid calls at once, or allow them again").RequireAuthorization(Policies.Admin);
        budget.MapPut("/caps", SetCapsAsync).WithName("SetBudgetCaps").WithSummary("Lower the caps, or raise them for a time").RequireAuthorization(Policies.Admin);
    }

    private static async Task<Ok<BudgetView>> GetAsync(BudgetReading reading, HttpResponse response, CancellationToken cancellationToken)
    {
        var (budget, revision) = await reading.ReadAsync(cancellationToken);
        ETags.Write(response, revision);
        return TypedResults.Ok(budget);
    }

    private static async Task<Results<Ok<Page<ChangeView>>, ProblemHttpResult>> ListChangesAsync(
        string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<long?>(Changes, after, out var last, out refusal)) return refusal;
        var rows = await context.BudgetChanges.AsNoTracking()
            .Where(c => c.Scope == BudgetSwitch.Places && (last == null || c.Id < last))
            .OrderByDescending(c => c.Id).Take(take + 1).ToListAsync(cancellationToken);
        var page = Pages.Cut(http, rows, take, c => cursors.Write(Changes, c.Id));
        return TypedResults.Ok(new Page<ChangeView>([.. page.Items.Select(View)], page.Next));
    }

    private static async Task<Results<Ok<BudgetView>, ProblemHttpResult>> SwitchAsync(
        SwitchWrite write, HttpContext http, ChangeBudget change, BudgetReading reading, CancellationToken cancellationToken) =>
        await change.SwitchAsync(write, http, cancellationToken) is { } refusal ? refusal : await GetAsync(reading, http.Response, cancellationToken);

    private static async Task<Results<Ok<BudgetView>, ProblemHttpResult>> SetCapsAsync(
        CapsWrite write, HttpContext http, ChangeBudget change, BudgetReading reading, CancellationToken cancellationToken) =>
        await change.SetCapsAsync(write, http, cancellationToken) is { } refusal ? refusal : await GetAsync(reading, http.Response, cancellationToken);

    private static ChangeView View(BudgetChange c) =>
        new(c.At, c.What, c.Actor, c.Reason, c.TraceId, JsonSerializer.Deserialize<JsonElement>(c.Before), JsonSerializer.Deserialize<JsonElement>(c.After));
}
