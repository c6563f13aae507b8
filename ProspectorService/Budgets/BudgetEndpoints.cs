using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Budgets;

internal static partial class BudgetEndpoints
{
    public static void MapBudget(this IEndpointRouteBuilder routes)
    {
        var budget = routes.MapGroup("/api/v1/budget").WithTags("Budget");
        budget.MapGet("/", GetAsync).WithName("GetBudget");
        budget.MapPut("/switch", SwitchAsync).WithName("SwitchBudget").RequireAuthorization(Policies.Admin);
    }

    private static async Task<Ok<BudgetView>> GetAsync(BudgetReading reading, HttpResponse response, CancellationToken cancellationToken)
    {
        var (budget, revision) = await reading.ReadAsync(cancellationToken);
        ETags.Write(response, revision);
        return TypedResults.Ok(budget);
    }

    private static async Task<Results<Ok<BudgetView>, ProblemHttpResult>> SwitchAsync(
        SwitchWrite write, HttpContext http, ShabouContext context, BudgetReading reading, TimeProvider time, ILogger<BudgetSwitch> logger, CancellationToken cancellationToken)
    {
        if (write.Killed is not { } killed) return Problem.Invalid("killed", "must be true or false.");
        if (string.IsNullOrWhiteSpace(write.Reason) || write.Reason.Length > BudgetSwitch.ReasonMaxLength)
            return Problem.Invalid("reason", $"must say why, in 1 to {BudgetSwitch.ReasonMaxLength} characters.");
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;

        var caller = http.User.FindFirstValue(ClientClaims.Subject) ?? "unknown";
        var seen = await context.BudgetSwitches.Where(s => s.Scope == BudgetSwitch.Places).Select(s => s.Revision).SingleAsync(cancellationToken);
        // One statement on the row that every grant locks: grants before it stand, none comes after it.
        var changed = expected.Matches((uint)seen)
            ? await context.BudgetSwitches
                .Where(s => s.Scope == BudgetSwitch.Places && s.Revision == seen)
                .ExecuteUpdateAsync(s => s
                    .SetProperty(b => b.Killed, killed).SetProperty(b => b.Reason, write.Reason).SetProperty(b => b.ChangedBy, caller)
                    .SetProperty(b => b.ChangedAt, time.GetUtcNow()).SetProperty(b => b.Revision, b => b.Revision + 1), cancellationToken)
            : 0;
        if (changed == 0) return ExpectedVersion.Stale("switch", BudgetSwitch.Places);
        LogSwitched(logger, killed, caller, write.Reason);
        var (budget, revision) = await reading.ReadAsync(cancellationToken);
        ETags.Write(http.Response, revision);
        return TypedResults.Ok(budget);
    }

    [LoggerMessage(LogLevel.Warning, "The kill switch of Google Places was set to {Killed} by {Caller}: {Reason}")]
    private static partial void LogSwitched(ILogger logger, bool killed, string caller, string reason);
}
