using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Budgets;

/// <summary>A denial as HTTP says it: 429 when a cap is reached, 503 when nothing may be spent at all, and when to come back.</summary>
internal static class BudgetProblems
{
    // Until a person has acted.
    private static readonly TimeSpan Unknown = TimeSpan.FromMinutes(5);

    /// <summary>Answers 429 or 503 while the budget would deny a call; put it on endpoints that are pointless without one.</summary>
    /// <param name="route">The endpoint.</param>
    /// <param name="sku">What it will call, see <see cref="PlacesSku"/>.</param>
    public static RouteHandlerBuilder NeedsBudget(this RouteHandlerBuilder route, string sku) => route
        .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var obstacle = await http.RequestServices.GetRequiredService<PlacesBudget>().FindObstacleAsync(sku, http.RequestAborted);
            return obstacle is null ? await next(context) : Of(obstacle, http);
        });

    /// <summary>The problem of a denial, with <c>Retry-After</c> in seconds.</summary>
    public static ProblemHttpResult Of(BudgetDecision.Denied denied, HttpContext http)
    {
        var wait = denied.RetryAt is { } retryAt ? retryAt - http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() : Unknown;
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var (type, detail) = Explain(denied.Reason);
        return Problem.Of(type, denied.RetryAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"{detail} Try again after {at.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}.") : detail);
    }

    private static (ProblemType Type, string Detail) Explain(DenialReason reason) => reason switch
    {
        DenialReason.DayCap => (ProblemTypes.BudgetDayCap, "The calls of Google Places that a day may have are used up."),
        DenialReason.MonthCap => (ProblemTypes.BudgetMonthCap, "The calls of Google Places that a month may have are used up."),
        DenialReason.MoneyCap => (ProblemTypes.BudgetMoneyCap, "The money that Google Places may cost in a month is used up."),
        DenialReason.Killed => (ProblemTypes.BudgetKilled, "The kill switch of Google Places is on; GET /api/v1/budget says who threw it and why."),
        DenialReason.UnknownSku => (ProblemTypes.BudgetUnknownSku, "The price table lacks what would be called; add its price and the day it was read."),
        DenialReason.StalePrice => (ProblemTypes.BudgetStalePrice, $"The price was read more than {PlacesBudgetOptions.MostPriceAgeDays} days ago; read it again and set ReadOn."),
        DenialReason.ClockSuspect => (ProblemTypes.BudgetClockSuspect, "The clocks of the service and of the database differ by more than 5 seconds; set them right."),
        _ => (ProblemTypes.BudgetLedgerDown, "The budget's ledger cannot be reached, and nothing is spent that cannot be written down."),
    };
}
