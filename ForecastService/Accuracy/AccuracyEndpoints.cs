using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.ForecastService.Demand;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;
using Shabou.Schema.Reporting;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Accuracy;

/// <summary><c>/api/v1/accuracy</c>: how good a model version is, the active one unless another is named, and how good the forecasts of one part are.</summary>
internal static class AccuracyEndpoints
{
    public static RouteGroupBuilder MapAccuracy(this IEndpointRouteBuilder routes)
    {
        var accuracy = routes.MapGroup("/api/v1/accuracy").WithTags("Accuracy").RequireAuthorization(Policies.User).WithReportAge();
        accuracy.MapGet("/", GetAsync).WithName("GetAccuracy").WithSummary("Every method beside the zero and the naive forecast, in all, per class and per range of steps");
        accuracy.MapGet("/{sku}", GetPartAsync).WithName("GetPartAccuracy").WithSummary("One part's figures by model version, with its tracking signal, and on demand that has arrived since");
        return accuracy;
    }

    private static async Task<Results<Ok<AccuracyTable>, ProblemHttpResult>> GetAsync(string? version, HttpContext http, ReportingContext reporting, CancellationToken cancellationToken)
    {
        await ReportAge.SayAsync(http, reporting, cancellationToken);
        var context = reporting.Rows;
        var model = await context.ModelVersions.AsNoTracking().SingleOrDefaultAsync(v => version == null ? v.Active : v.Version == version, cancellationToken);
        if (model is null)
            return Problem.Of(ProblemTypes.NotFound, version is null
                ? "Nothing has been trained yet; start it by POST /api/v1/training-runs."
                : $"There is no model version {RowErrors.Quote(version)}; GET /api/v1/models lists them.");
        var rows = await context.Accuracy.AsNoTracking().Where(r => r.ModelVersionId == model.Id)
            .OrderBy(r => r.Frequency).ThenBy(r => r.DemandClass).ThenBy(r => r.FromStep).ThenBy(r => r.ToStep).ThenBy(r => r.Position).ToListAsync(cancellationToken);
        return TypedResults.Ok(new AccuracyTable(model.Version, model.CreatedAt, Backtest.Window,
            Those(r => r is { IsRolling: false, DemandClass: AccuracyRow.AllClasses }), Those(r => !r.IsRolling && r.DemandClass != AccuracyRow.AllClasses), Those(r => r.IsRolling)));

        List<AccuracyView> Those(Func<AccuracyRow, bool> which) => [.. rows.Where(which).Select(row => AccuracyView.Of(row, model.QuantileLevels))];
    }

    private static async Task<Results<Ok<PartAccuracy>, ProblemHttpResult>> GetPartAsync(
        string sku, HttpContext http, ReportingContext reporting, IOptions<WatchOptions> options, CancellationToken cancellationToken)
    {
        await ReportAge.SayAsync(http, reporting, cancellationToken);
        var context = reporting.Rows;
        var limit = options.Value.TrackingLimit;
        var versions = await context.PartAccuracy.Where(r => r.Sku == sku).OrderByDescending(r => r.ModelVersionId)
            .Select(r => new PartAccuracyView(
                r.ModelVersion!.Version, r.ModelVersion.CreatedAt, r.ModelVersion.Active, r.Steps, r.Wape, r.Bias, r.Mase, r.Rmsse, r.Pinball, r.Coverage95,
                r.TrackingSignal, r.TrackingSignal > limit || r.TrackingSignal < -limit))
            .ToListAsync(cancellationToken);
        var live = await LiveScores.OfAsync(context, sku, cancellationToken);
        return versions.Count > 0 || live.Count > 0
            ? TypedResults.Ok(new PartAccuracy(sku, versions, live))
            : Problem.Of(ProblemTypes.NotFound, $"No forecast of SKU {RowErrors.Quote(sku)} could be tested: it is not known, or its history is too short.");
    }
}
