using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Models;
using Shabou.ForecastService.PlannerOverrides;
using Shabou.Schema;
using Shabou.Schema.Forecast;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Forecasts;

/// <summary><c>/api/v1/forecasts</c>: of one whole model version, the active one unless another is named; or made now.</summary>
internal static class ForecastEndpoints
{
    private const string List = "forecasts";

    /// <summary>The last row of a page. The version is in it, so that all pages of a walk are of one version even if a new one comes.</summary>
    private sealed record Position(Guid Version, string Sku);

    public static void AddForecasts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<ForecastNow>();
        builder.Services.AddScoped<Replay>();
    }

    public static RouteGroupBuilder MapForecasts(this IEndpointRouteBuilder routes)
    {
        var forecasts = routes.MapGroup("/api/v1/forecasts").WithTags("Forecasts").RequireAuthorization(Policies.User);
        forecasts.MapGet("/", ListAsync).WithName("ListForecasts").WithSummary("Every part: pages of JSON, or all of it as one CSV stream");
        forecasts.MapPost("/", ForecastSentAsync).WithName("ForecastSentSeries").WithSummary("Forecast a series that is sent; nothing is stored");
        forecasts.MapGet("/{sku}", GetAsync).WithName("GetForecast").WithSummary("One part: as stored, of an older version, or made now");
        forecasts.MapGet("/{sku}/replay", (string sku, string? version, Replay replay, CancellationToken cancellationToken) => replay.RunAsync(sku, version, cancellationToken))
            .WithName("ReplayForecast").WithSummary("Make a stored forecast again from its model and its data, and compare them byte for byte");
        forecasts.AddEndpointFilter(async (invocation, next) =>
        {
            try
            {
                return await next(invocation);
            }
            catch (ModelUnusableException error)
            {
                return Problem.Of(ProblemTypes.ServiceUnavailable, error.Message);
            }
        });
        return forecasts;
    }

    private static async Task<Results<Ok<ForecastView>, ProblemHttpResult>> GetAsync(
        string sku, int? horizon, string? version, bool? fresh, ShabouContext context, ForecastNow now, CancellationToken cancellationToken)
    {
        if (horizon < 1) return Problem.Invalid("horizon", "must be 1 or more.");
        if (fresh is true && version is not null) return Problem.Invalid("version", "cannot be chosen for a fresh forecast: the model that is served makes it.");
        ForecastRow? row;
        if (fresh is true)
        {
            (var model, row) = await now.OfAsync(sku, cancellationToken);
            if (model is null) return Problem.Of(ProblemTypes.NotFound, "Nothing has been trained yet; start it by POST /api/v1/training-runs.");
        }
        else
        {
            row = await context.Forecasts.AsNoTracking().Where(f => f.Sku == sku && (version == null ? f.ModelVersion!.Active : f.ModelVersion!.Version == version))
                .Select(ForecastRow.FromForecast).SingleOrDefaultAsync(cancellationToken);
        }

        if (row is null)
            return Problem.Of(ProblemTypes.NotFound, version is null
                ? $"There is no forecast of SKU {RowErrors.Quote(sku)}; send its demand by POST /api/v1/demand and train by POST /api/v1/training-runs."
                : $"There is no forecast of SKU {RowErrors.Quote(sku)} by {RowErrors.Quote(version)}; GET /api/v1/models lists the versions.");
        return horizon > row.Mean.Length
            ? Problem.Invalid("horizon", string.Create(CultureInfo.InvariantCulture, $"must be at most {row.Mean.Length}, as {row.Version} was trained; train with a longer one."))
            : TypedResults.Ok(row.View(horizon ?? row.Mean.Length, fresh is true) with { Overrides = (await OverridePeriods.OfAsync(context, [row], cancellationToken))[0] });
    }

    private static async Task<Results<Ok<SentSeriesForecast>, ProblemHttpResult>> ForecastSentAsync(
        SentSeries sent, ForecastNow now, CancellationToken cancellationToken)
    {
        if (sent.Faults() is { Count: > 0 } faults) return Problem.Unprocessable(faults);
        try
        {
            var (model, forecast) = await now.OfAsync(sent.ToPart(), sent.Horizon, cancellationToken);
            return TypedResults.Ok(SentSeriesForecast.Of(sent, forecast, model));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Problem.Unprocessable("values", $"take longer than {ForecastNow.Patience.TotalSeconds:F0} s to forecast; send the end of the series, or a shorter horizon.");
        }
    }

    private static async Task<IResult> ListAsync(
        string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken)
    {
        if (Accepted.PrefersCsv(http.Request)) return new ForecastCsv();
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Position>(List, after, out var last, out refusal)) return refusal;

        var version = await context.ModelVersions.Where(v => last == null ? v.Active : v.Id == last.Version)
            .Select(v => new { v.Id }).SingleOrDefaultAsync(cancellationToken);
        if (version is null && last is not null) return Problem.Invalid("after", "is of a model version that is gone; leave it out to start again.");
        if (version is null) return TypedResults.Ok(new Page<ForecastView>([], null));

        IQueryable<SeriesForecast> forecasts = context.Forecasts.AsNoTracking().Where(f => f.ModelVersionId == version.Id);
        if (last is not null) forecasts = forecasts.Where(f => f.Sku.CompareTo(last.Sku) > 0);
        var rows = await forecasts.OrderBy(f => f.Sku).Take(take + 1).Select(ForecastRow.FromForecast).ToListAsync(cancellationToken);
        var overrides = await OverridePeriods.OfAsync(context, rows, cancellationToken);
        var page = rows.Select((row, i) => row.View(row.Mean.Length) with { Overrides = overrides[i] }).ToList();
        return TypedResults.Ok(Pages.Cut(http, page, take, f => cursors.Write(List, new Position(version.Id, f.Sku))));
    }
}
