using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.Forecasting;
using Shabou.Schema;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Accuracy;

/// <summary><c>/api/v1/accuracy</c>: the backtest of a model version, the active one unless another is named.</summary>
internal static class AccuracyEndpoints
{
    public static RouteGroupBuilder MapAccuracy(this IEndpointRouteBuilder routes)
    {
        var accuracy = routes.MapGroup("/api/v1/accuracy").WithTags("Accuracy").RequireAuthorization(Policies.User);
        accuracy.MapGet("/", GetAsync).WithName("GetAccuracy");
        return accuracy;
    }

    private static async Task<Results<Ok<AccuracyTable>, ProblemHttpResult>> GetAsync(string? version, ShabouContext context, CancellationToken cancellationToken)
    {
        var model = await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(v => version == null ? v.Active : v.Version == version, cancellationToken);
        if (model is null)
            return Problem.Of(ProblemTypes.NotFound, version is null
                ? "Nothing has been trained yet; start it by POST /api/v1/training-runs."
                : $"There is no model version {RowErrors.Quote(version)}; GET /api/v1/models lists them.");
        var rows = await context.Accuracy.AsNoTracking().Where(r => r.ModelVersionId == model.Id)
            .OrderBy(r => r.Frequency).ThenBy(r => r.Position).ToListAsync(cancellationToken);
        return TypedResults.Ok(new AccuracyTable(model.Version, model.CreatedAt, Backtest.Window, [.. rows.Select(r => AccuracyView.Of(r, model.QuantileLevels))]));
    }
}
