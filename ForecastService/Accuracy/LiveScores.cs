using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Forecasts;
using Shabou.Schema;

namespace Shabou.ForecastService.Accuracy;

/// <summary>Scores the stored forecasts of a part on the demand that has arrived since, version by version, whenever somebody asks.</summary>
internal static class LiveScores
{
    /// <summary>In two statements: the stored forecasts, at most as many as versions are kept, and the demand since the first of them.</summary>
    /// <returns>The newest version first; without those that no demand has arrived for.</returns>
    public static async Task<List<LiveAccuracy>> OfAsync(ShabouContext context, string sku, CancellationToken cancellationToken)
    {
        var rows = await context.Forecasts.AsNoTracking().Where(f => f.Sku == sku).OrderByDescending(f => f.ModelVersionId)
            .Select(f => new { f.Frequency, f.FirstPeriod, f.Mean, f.Quantiles, f.ModelVersion!.Version, f.ModelVersion.QuantileLevels, f.ModelVersion.CreatedAt, f.ModelVersion.Active })
            .ToListAsync(cancellationToken);
        if (rows.Count == 0) return [];
        var earliest = rows.Min(row => row.FirstPeriod);
        var demands = await context.DemandObservations.Where(o => o.Series!.Sku == sku && o.InStock && o.Period >= earliest).OrderBy(o => o.Period)
            .Select(o => new { o.Series!.Frequency, o.Period, o.Quantity }).ToListAsync(cancellationToken);
        var scores = new List<LiveAccuracy>();
        foreach (var row in rows)
        {
            var first = Periods.IndexOf(row.Frequency, row.FirstPeriod);
            var arrived = demands.Where(d => d.Frequency == row.Frequency && d.Period >= row.FirstPeriod)
                .Select(d => (Step: Periods.IndexOf(row.Frequency, d.Period) - first, d.Quantity)).Where(d => d.Step < row.Mean.Length).ToList();
            if (arrived.Count > 0)
                scores.Add(Of(new ForecastRow(sku, row.Frequency, "", "", row.FirstPeriod, row.Mean, row.Quantiles, row.Version, row.QuantileLevels, row.CreatedAt), row.Active, arrived));
        }

        return scores;
    }

    private static LiveAccuracy Of(ForecastRow row, bool active, List<(int Step, double Quantity)> arrived)
    {
        double demand = 0, absolute = 0, over = 0, pinball = 0;
        var (low, high, inside) = (Array.IndexOf(row.Levels, .025), Array.IndexOf(row.Levels, .975), 0);
        foreach (var (step, quantity) in arrived)
        {
            var error = row.Mean[step] - quantity;
            demand += quantity;
            absolute += Math.Abs(error);
            over += error;
            for (var level = 0; level < row.Levels.Length; level++)
                pinball += Math.Max(row.Levels[level] * (quantity - row.Quantile(level, step)), (row.Levels[level] - 1) * (quantity - row.Quantile(level, step)));
            if (low >= 0 && high >= 0 && quantity >= row.Quantile(low, step) && quantity <= row.Quantile(high, step)) inside++;
        }

        return new LiveAccuracy(row.Version, row.TrainedAt, active, arrived.Count, demand, demand > 0 ? absolute / demand : null, demand > 0 ? over / demand : null,
            absolute / arrived.Count, row.Levels.Length > 0 ? pinball / (arrived.Count * row.Levels.Length) : null, low >= 0 && high >= 0 ? (double)inside / arrived.Count : null);
    }
}
