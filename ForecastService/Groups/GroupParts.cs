using Microsoft.EntityFrameworkCore;
using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Training;
using Shabou.Schema;

namespace Shabou.ForecastService.Groups;

/// <summary>Reads the forecasts of the parts below a category.</summary>
/// <param name="version">Of the forecasts.</param>
/// <param name="under">Path of the category.</param>
internal sealed class GroupParts(ShabouContext context, Guid version, string under)
{
    /// <summary>How many parts each category has of its own.</summary>
    public Task<Dictionary<string, int>> CountAsync(CancellationToken cancellationToken) =>
        (from forecast in context.Forecasts
         join product in context.Products on forecast.Sku equals product.Sku
         where forecast.ModelVersionId == version && product.DeletedAt == null && product.Category!.Path.StartsWith(under)
         group forecast by product.Category!.Path into category
         select new { category.Key, Count = category.Count() }).ToDictionaryAsync(category => category.Key, category => category.Count, cancellationToken);

    /// <param name="withHistories">Read also what the forecasts were made from.</param>
    /// <returns>In order of SKU, so that sums are the same to the bit. Without a history where the version's program did not keep it.</returns>
    public async Task<List<GroupedPart>> ReadAsync(bool withHistories, CancellationToken cancellationToken)
    {
        var rows = await (from forecast in context.Forecasts
                          join product in context.Products on forecast.Sku equals product.Sku
                          where forecast.ModelVersionId == version && product.DeletedAt == null && product.Category!.Path.StartsWith(under)
                          orderby forecast.Sku
                          select new { forecast.Sku, product.Category!.Path, forecast.Frequency, forecast.FirstPeriod, forecast.Mean, Input = withHistories ? forecast.Input : null })
            .ToListAsync(cancellationToken);
        var overrides = (await context.ForecastOverrides.AsNoTracking().Where(o => context.Forecasts.Any(f => f.ModelVersionId == version && f.Sku == o.Sku && f.FirstPeriod <= o.Period))
            .Select(o => new { o.Sku, o.Period, o.Quantity }).ToListAsync(cancellationToken)).ToLookup(o => o.Sku, StringComparer.Ordinal);
        return rows.ConvertAll(row => new GroupedPart(row.Path, row.Frequency, Periods.IndexOf(row.Frequency, row.FirstPeriod), row.Mean,
            overrides[row.Sku].ToDictionary(o => Periods.IndexOf(row.Frequency, o.Period), o => o.Quantity))
        {
            History = row.Input is null ? null : StoredInput.Read(row.Input),
        });
    }
}
