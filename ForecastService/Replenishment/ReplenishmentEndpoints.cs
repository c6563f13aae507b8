using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Planning;
using Shabou.Schema;
using Shabou.Schema.Forecast;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Replenishment;

/// <summary><c>/api/v1/replenishment</c>: what to order, the most urgent first.</summary>
internal static class ReplenishmentEndpoints
{
    /// <summary>The last line of a page. The version is in it, so that all pages of a walk are of one version.</summary>
    private sealed record Position(Guid Version, double MoneyAtRisk, string Sku, string Warehouse);

    public static void AddReplenishment(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReplenishmentOptions>().BindConfiguration(ReplenishmentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Rankings>();
        builder.Services.AddScoped<ReplenishmentList>();
    }

    public static RouteGroupBuilder MapReplenishment(this IEndpointRouteBuilder routes)
    {
        var replenishment = routes.MapGroup("/api/v1/replenishment").WithTags("Replenishment").RequireAuthorization(Policies.User);
        replenishment.MapGet("/", ListAsync).WithName("ListReplenishment").WithSummary("What to order, most money at risk first; JSON pages, or text/csv in one stream")
            .Produces<Page<ReplenishmentLine>>(StatusCodes.Status200OK, "application/json", "text/csv");
        replenishment.MapGet("/{sku}", GetAsync).WithName("GetReplenishment").WithSummary("What to order of one part, in each warehouse");
        replenishment.MapGet("/{sku}/curve", GetCurveAsync).WithName("GetReplenishmentCurve").WithSummary("Which service which stock of a part gives");
        return replenishment;
    }

    private static async Task<IResult> ListAsync(
        double? serviceLevel, string? warehouse, string? after, int? size, HttpContext http, ShabouContext context, ReplenishmentList list, Cursors cursors, CancellationToken cancellationToken)
    {
        if (RefuseLevel(serviceLevel) is { } wrong) return wrong;
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        var name = string.Create(CultureInfo.InvariantCulture, $"replenishment?serviceLevel={serviceLevel}&warehouse={warehouse}");
        if (!cursors.TryRead<Position>(name, after, out var last, out refusal)) return refusal;
        if (await UnknownAsync(warehouse, context, cancellationToken) is { } unknown) return unknown;

        var version = await context.ModelVersions.Where(v => last == null ? v.Active : v.Id == last.Version).Select(v => (Guid?)v.Id).SingleOrDefaultAsync(cancellationToken);
        if (version is null && last is not null) return Problem.Invalid("after", "is of a model version that is gone; leave it out to start again.");
        if (version is null) return TypedResults.Ok(new Page<ReplenishmentLine>([], null));
        if (Accepted.PrefersCsv(http.Request)) return new ReplenishmentCsv(list, version.Value, warehouse, serviceLevel);

        var place = last is null ? null : new RankedLine(last.MoneyAtRisk, last.Sku, last.Warehouse);
        var rows = await list.ReadAsync(version.Value, warehouse, serviceLevel, place, take + 1, cancellationToken);
        var page = Pages.Cut(http, rows, take, row => cursors.Write(name, new Position(version.Value, row.Place.MoneyAtRisk, row.Place.Sku, row.Place.Warehouse)));
        return TypedResults.Ok(new Page<ReplenishmentLine>([.. page.Items.Select(row => row.Line)], page.Next));
    }

    private static async Task<Results<Ok<ReplenishmentOfPart>, ProblemHttpResult>> GetAsync(
        string sku, double? serviceLevel, ShabouContext context, ReplenishmentList list, IOptions<PlanningOptions> planning, CancellationToken cancellationToken)
    {
        if (RefuseLevel(serviceLevel) is { } wrong) return wrong;
        var version = await ActiveAsync(context, cancellationToken);
        return version is not null && await list.FindAsync(version.Id, sku, cancellationToken) is { } part
            ? TypedResults.Ok(new ReplenishmentOfPart(sku, version.Version, ProposeOrders.Of(part, planning.Value, serviceLevel)))
            : NotForecast(sku);
    }

    private static async Task<Results<Ok<ReplenishmentCurve>, ProblemHttpResult>> GetCurveAsync(
        string sku, string? warehouse, ShabouContext context, ReplenishmentList list, IOptions<PlanningOptions> planning, CancellationToken cancellationToken)
    {
        var version = await ActiveAsync(context, cancellationToken);
        if (version is null || await list.FindAsync(version.Id, sku, cancellationToken) is not { } part) return NotForecast(sku);
        return ProposeOrders.CurveOf(part, warehouse, planning.Value) is { } curve
            ? TypedResults.Ok(curve)
            : Problem.Unprocessable("warehouse", $"The part has no stock in a warehouse {RowErrors.Quote(warehouse!)}; GET /api/v1/replenishment/{{sku}} lists those it has.");
    }

    private static Task<ModelVersion?> ActiveAsync(ShabouContext context, CancellationToken cancellationToken) =>
        context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Active, cancellationToken);

    private static ProblemHttpResult? RefuseLevel(double? level) => level is null or (> 0 and < 1) ? null : Problem.Invalid("serviceLevel", "must be between 0 and 1, such as 0.95.");

    private static async Task<ProblemHttpResult?> UnknownAsync(string? warehouse, ShabouContext context, CancellationToken cancellationToken) =>
        warehouse is null || await context.Warehouses.AnyAsync(w => w.Slug == warehouse, cancellationToken) ? null
            : Problem.Unprocessable("warehouse", $"There is no warehouse {RowErrors.Quote(warehouse)}; GET /api/v1/warehouses lists them.");

    private static ProblemHttpResult NotForecast(string sku) => Problem.Of(ProblemTypes.NotFound,
        $"There is no forecast of SKU {RowErrors.Quote(sku)}; send its demand by POST /api/v1/demand and train by POST /api/v1/training-runs.");
}
