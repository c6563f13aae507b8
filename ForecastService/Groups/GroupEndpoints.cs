using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Groups;

/// <summary><c>/api/v1/forecasts/groups</c>: forecasts per category that add up, computed on demand from those of the parts.</summary>
internal static class GroupEndpoints
{
    private const string BottomUp = "bottom-up";

    public static void MapGroups(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/forecasts/groups", GetAsync).WithTags("Forecasts").RequireAuthorization(Policies.User)
            .WithName("GetGroupForecasts").WithSummary("What is expected per category, from one category down");

    private static async Task<Results<Ok<GroupForecasts>, ProblemHttpResult>> GetAsync(
        string? group, string? reconcile, ShabouContext context, CancellationToken cancellationToken)
    {
        if (reconcile is not (null or BottomUp)) return Problem.Invalid("reconcile", $"must be {BottomUp}, or absent.");
        var under = string.IsNullOrEmpty(group) || group.EndsWith('/') ? group ?? "" : group + "/";
        if (under.Length > 0 && !await context.Categories.AnyAsync(c => c.Path == under, cancellationToken))
            return Problem.Unprocessable("group", $"There is no category with the path {RowErrors.Quote(under)}; GET /api/v1/categories lists them.");
        if (await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Active, cancellationToken) is not { } version)
            return Problem.Of(ProblemTypes.NotFound, "Nothing has been trained yet; start it by POST /api/v1/training-runs.");

        var parts = await ReadAsync(context, version.Id, under, cancellationToken);
        return TypedResults.Ok(new GroupForecasts(version.Version, BottomUp, AddUpParts.Of(parts, under)));
    }

    private static async Task<List<GroupedPart>> ReadAsync(ShabouContext context, Guid version, string under, CancellationToken cancellationToken)
    {
        var rows = await (from forecast in context.Forecasts
                          join product in context.Products on forecast.Sku equals product.Sku
                          where forecast.ModelVersionId == version && product.DeletedAt == null && product.Category!.Path.StartsWith(under)
                          orderby forecast.Sku // one order, so that sums are the same to the bit
                          select new { forecast.Sku, product.Category!.Path, forecast.Frequency, forecast.FirstPeriod, forecast.Mean }).ToListAsync(cancellationToken);
        var overrides = (await context.ForecastOverrides.AsNoTracking().Where(o => context.Forecasts.Any(f => f.ModelVersionId == version && f.Sku == o.Sku && f.FirstPeriod <= o.Period))
            .Select(o => new { o.Sku, o.Period, o.Quantity }).ToListAsync(cancellationToken)).ToLookup(o => o.Sku, StringComparer.Ordinal);
        return rows.ConvertAll(row => new GroupedPart(row.Path, row.Frequency, Periods.IndexOf(row.Frequency, row.FirstPeriod), row.Mean,
            overrides[row.Sku].ToDictionary(o => Periods.IndexOf(row.Frequency, o.Period), o => o.Quantity)));
    }
}
