using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.Schema;
using Shabou.Schema.Forecast;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Forecasts;

/// <summary><c>/api/v1/forecasts</c>: always of one whole model version, the active one.</summary>
internal static class ForecastEndpoints
{
    private const string List = "forecasts";

    /// <summary>The last row of a page. The version is in it, so that all pages of a walk are of one version even if a new one comes.</summary>
    private sealed record Position(Guid Version, string Sku);

    public static RouteGroupBuilder MapForecasts(this IEndpointRouteBuilder routes)
    {
        var forecasts = routes.MapGroup("/api/v1/forecasts").WithTags("Forecasts").RequireAuthorization(Policies.User);
        forecasts.MapGet("/", ListAsync).WithName("ListForecasts");
        forecasts.MapGet("/{sku}", GetAsync).WithName("GetForecast");
        return forecasts;
    }

    private static async Task<Results<Ok<ForecastView>, ProblemHttpResult>> GetAsync(
        string sku, int? horizon, ShabouContext context, CancellationToken cancellationToken)
    {
        if (horizon < 1) return Problem.Invalid("horizon", "must be 1 or more.");
        var row = await context.Forecasts.AsNoTracking().Where(f => f.Sku == sku && f.ModelVersion!.Active)
            .Select(ForecastRow.FromForecast).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return Problem.Of(ProblemTypes.NotFound,
                $"There is no forecast of SKU {RowErrors.Quote(sku)}; send its demand by POST /api/v1/demand and train by POST /api/v1/training-runs.");
        return horizon > row.Mean.Length
            ? Problem.Invalid("horizon", string.Create(CultureInfo.InvariantCulture, $"must be at most {row.Mean.Length}, as {row.Version} was trained; train with a longer one."))
            : TypedResults.Ok(ForecastView.Of(row, horizon ?? row.Mean.Length));
    }

    private static async Task<IResult> ListAsync(
        string? after, int? size, HttpContext http, ShabouContext context, Cursors cursors, CancellationToken cancellationToken)
    {
        if (PrefersCsv(http.Request)) return new ForecastCsv();
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Position>(List, after, out var last, out refusal)) return refusal;

        var version = await context.ModelVersions.Where(v => last == null ? v.Active : v.Id == last.Version)
            .Select(v => new { v.Id }).SingleOrDefaultAsync(cancellationToken);
        if (version is null && last is not null) return Problem.Invalid("after", "is of a model version that is gone; leave it out to start again.");
        if (version is null) return TypedResults.Ok(new Page<ForecastView>([], null));

        IQueryable<SeriesForecast> forecasts = context.Forecasts.AsNoTracking().Where(f => f.ModelVersionId == version.Id);
        if (last is not null) forecasts = forecasts.Where(f => f.Sku.CompareTo(last.Sku) > 0);
        var rows = await forecasts.OrderBy(f => f.Sku).Take(take + 1).Select(ForecastRow.FromForecast).ToListAsync(cancellationToken);
        var page = rows.Select(row => ForecastView.Of(row, row.Mean.Length)).ToList();
        return TypedResults.Ok(Pages.Cut(http, page, take, f => cursors.Write(List, new Position(version.Id, f.Sku))));
    }

    private static bool PrefersCsv(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality("text/csv") > Quality("application/json");

        double Quality(string media) => accepted.Where(a => a.MediaType.Equals(media, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty().Max();
    }
}
