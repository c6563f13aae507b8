using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.ForecastService.Demand;
using Shabou.OpenApi;
using Shabou.Schema;
using Shabou.Schema.Forecast;
using Shabou.Schema.Reporting;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.PlannerOverrides;

/// <summary><c>/api/v1/overrides</c>: what planners know better, until the demand of the period is known; and what that was worth.</summary>
internal static class OverrideEndpoints
{
    public static void AddOverrides(this IHostApplicationBuilder builder) => builder.Services.AddScoped<OverridePeriods>();

    public static RouteGroupBuilder MapOverrides(this IEndpointRouteBuilder routes)
    {
        var overrides = routes.MapGroup("/api/v1/overrides").WithTags("Overrides").RequireAuthorization(Policies.User);
        overrides.MapGet("/{sku}/{period}", GetAsync).WithName("GetOverride").WithSummary("A planner's quantity beside the statistical one");
        overrides.MapPut("/{sku}/{period}", PutAsync).WithName("PutOverride").WithSummary("Expect another quantity than the forecast does").WithVersionWhenStored();
        overrides.MapDelete("/{sku}/{period}", DeleteAsync).WithName("DeleteOverride").WithSummary("Leave the period to the forecast again");
        routes.MapGet("/api/v1/forecast-value-added", GetValueAddedAsync).WithTags("Overrides").RequireAuthorization(Policies.User)
            .WithName("GetForecastValueAdded").WithSummary("Naive, statistical and planner's forecasts scored on the demand that has arrived since").WithReportAge();
        return overrides;
    }

    private static async Task<Results<Ok<OverrideView>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        string sku, string period, HttpContext http, ShabouContext context, OverridePeriods periods, CancellationToken cancellationToken)
    {
        var (day, refusal) = await periods.FindAsync(sku, period, cancellationToken);
        if (refusal is not null) return refusal;
        if (await context.ForecastOverrides.AsNoTracking().SingleOrDefaultAsync(o => o.Sku == sku && o.Period == day, cancellationToken) is not { } row) return NotFound(sku, day);
        ETags.Write(http.Response, row.Version);
        return ETags.AlreadyHas(http.Request, row.Version) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(await periods.ViewAsync(row, cancellationToken));
    }

    private static async Task<Results<Ok<OverrideView>, Created<OverrideView>, ProblemHttpResult>> PutAsync(
        string sku, string period, OverrideWrite write, HttpContext http, ShabouContext context, OverridePeriods periods, TimeProvider time, CancellationToken cancellationToken)
    {
        var (day, refusal) = await periods.FindAsync(sku, period, cancellationToken);
        if (refusal is not null) return refusal;
        var row = await context.ForecastOverrides.SingleOrDefaultAsync(o => o.Sku == sku && o.Period == day, cancellationToken);
        // The first one replaces nothing that somebody could have changed meanwhile.
        if (row is not null || http.Request.Headers.IfMatch.Count > 0)
        {
            if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refused)) return refused;
            if (row is null) return NotFound(sku, day);
            if (!expected.Matches(row.Version)) return ExpectedVersion.Stale("override of", RowErrors.Quote(sku));
        }

        if (await periods.IsKnownAsync(sku, day, cancellationToken)) return Known(sku, day);
        var isNew = row is null;
        if (row is null) context.Add(row = new ForecastOverride { Sku = sku, Period = day, Quantity = 0, Reason = "", ChangedBy = "", UpdatedAt = default });
        (row.Quantity, row.Reason, row.ChangedBy, row.UpdatedAt) = (write.Quantity, write.Reason, Caller.Of(http), time.GetUtcNow());
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return ExpectedVersion.Stale("override of", RowErrors.Quote(sku)); // somebody wrote the first one since
        }

        ETags.Write(http.Response, row.Version);
        var view = await periods.ViewAsync(row, cancellationToken);
        return isNew ? TypedResults.Created($"/api/v1/overrides/{Uri.EscapeDataString(sku)}/{day:yyyy-MM-dd}", view) : TypedResults.Ok(view);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string sku, string period, HttpContext http, ShabouContext context, OverridePeriods periods, CancellationToken cancellationToken)
    {
        var (day, refusal) = await periods.FindAsync(sku, period, cancellationToken);
        if (refusal is not null) return refusal;
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refused)) return refused;
        if (await context.ForecastOverrides.SingleOrDefaultAsync(o => o.Sku == sku && o.Period == day, cancellationToken) is not { } row) return NotFound(sku, day);
        if (!expected.Matches(row.Version)) return ExpectedVersion.Stale("override of", RowErrors.Quote(sku));
        if (await periods.IsKnownAsync(sku, day, cancellationToken)) return Known(sku, day);
        context.Remove(row);
        await context.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ForecastValueAddedView>, ProblemHttpResult>> GetValueAddedAsync(
        string? sku, DateOnly? from, DateOnly? to, HttpContext http, ReportingContext reporting, CancellationToken cancellationToken)
    {
        if (sku is not null && DemandFields.RefuseSku(sku) is { } refusal) return refusal;
        if (from > to) return Problem.Invalid("from", "must not be after 'to'.");
        await ReportAge.SayAsync(http, reporting, cancellationToken);
        return TypedResults.Ok(await ValueAddedQuery.RunAsync(reporting.Rows, sku, from, to, cancellationToken));
    }

    private static ProblemHttpResult NotFound(string sku, DateOnly day) =>
        Problem.Of(ProblemTypes.NotFound, $"Nobody has overridden the forecast of SKU {RowErrors.Quote(sku)} in the period of {day:yyyy-MM-dd}.");

    // Overrides are scored: one that could be written after the fact, or taken back, would make the score worthless.
    private static ProblemHttpResult Known(string sku, DateOnly day) =>
        Problem.Of(ProblemTypes.Conflict, $"The demand of SKU {RowErrors.Quote(sku)} in the period of {day:yyyy-MM-dd} is known; its override stays as it was.");
}
