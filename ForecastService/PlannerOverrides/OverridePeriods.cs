using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Forecasts;
using Shabou.Schema;
using Shabou.Schema.Forecast;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.PlannerOverrides;

/// <summary>Which period of a part an address means, and what else is known of it.</summary>
internal sealed class OverridePeriods(ShabouContext context)
{
    /// <summary>First day of the period that this day, or month, of the address lies in.</summary>
    public async Task<(DateOnly Day, ProblemHttpResult? Refusal)> FindAsync(string sku, string period, CancellationToken cancellationToken)
    {
        if (DemandFields.RefuseSku(sku) is { } refusal) return (default, refusal);
        if (!DemandFields.TryReadPeriod(period, out var day)) return (default, Problem.Invalid("period", "must be a date such as 2026-01-01 or a month such as 2026-01."));
        var frequency = await context.DemandSeries.Where(s => s.Sku == sku).Select(s => (char?)s.Frequency).SingleOrDefaultAsync(cancellationToken)
            ?? await context.Forecasts.Where(f => f.Sku == sku && f.ModelVersion!.Active).Select(f => (char?)f.Frequency).SingleOrDefaultAsync(cancellationToken);
        if (frequency is not { } letter) return (default, Problem.Of(ProblemTypes.NotFound, $"There is neither demand nor a forecast of SKU {RowErrors.Quote(sku)}."));
        var index = Periods.IndexOf(letter, day);
        return Periods.IsInRange(letter, index)
            ? (Periods.StartOf(letter, index), null)
            : (default, Problem.Invalid("period", $"must be in the years {Periods.FirstYear} to {Periods.LastYear}."));
    }

    /// <summary>Whether the demand of the period has arrived.</summary>
    public Task<bool> IsKnownAsync(string sku, DateOnly day, CancellationToken cancellationToken) =>
        context.DemandObservations.AnyAsync(o => o.Series!.Sku == sku && o.Period == day && o.InStock, cancellationToken);

    public async Task<OverrideView> ViewAsync(ForecastOverride row, CancellationToken cancellationToken)
    {
        var forecast = await context.Forecasts.Where(f => f.Sku == row.Sku && f.ModelVersion!.Active).Select(f => new { f.Frequency, f.FirstPeriod, f.Mean }).SingleOrDefaultAsync(cancellationToken);
        double? statistical = null;
        if (forecast is not null && Periods.IndexOf(forecast.Frequency, row.Period) - Periods.IndexOf(forecast.Frequency, forecast.FirstPeriod) is >= 0 and var step && step < forecast.Mean.Length)
            statistical = forecast.Mean[step];
        return new OverrideView(row.Sku, row.Period, row.Quantity, statistical, row.Reason, row.ChangedBy, row.UpdatedAt);
    }

    /// <summary>The overrides of the steps of forecasts, in one statement for all.</summary>
    /// <returns>One list per forecast, in order of period.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<OverriddenStep>>> OfAsync(ShabouContext context, IReadOnlyList<ForecastRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return [];
        var (skus, earliest) = (rows.Select(row => row.Sku).ToList(), rows.Min(row => row.FirstPeriod));
        var found = (await context.ForecastOverrides.AsNoTracking().Where(o => skus.Contains(o.Sku) && o.Period >= earliest).OrderBy(o => o.Period)
            .Select(o => new { o.Sku, Step = new OverriddenStep(o.Period, o.Quantity, o.Reason, o.ChangedBy) }).ToListAsync(cancellationToken)).ToLookup(o => o.Sku, o => o.Step, StringComparer.Ordinal);
        return [.. rows.Select(row => (IReadOnlyList<OverriddenStep>)[.. found[row.Sku].Where(o => o.Period >= row.FirstPeriod && o.Period <= row.Period(row.Mean.Length - 1))])];
    }
}
