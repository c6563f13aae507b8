using System.Globalization;
using Shabou.ForecastService.Demand;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Forecasts;

/// <summary>What is expected of one part.</summary>
/// <param name="Frequency">Length of a step: Y, Q, M, W, D or O.</param>
/// <param name="Class">smooth, intermittent, erratic or lumpy.</param>
/// <param name="Model">The methods behind it, for example <c>theta+ses+tsb</c>: their plain mean.</param>
/// <param name="ModelVersion">Which training run made it, see /api/v1/models.</param>
/// <param name="TrainedAt">When that was.</param>
/// <param name="Steps">In order of time, from the period after the last of the history.</param>
public sealed record ForecastView(
    string Sku, char Frequency, string Class, string Model, string ModelVersion, DateTimeOffset TrainedAt, IReadOnlyList<ForecastStep> Steps)
{
    /// <param name="row">As stored.</param>
    /// <param name="horizon">Steps to show; at most those stored.</param>
    internal static ForecastView Of(ForecastRow row, int horizon) => new(
        row.Sku, row.Frequency, Camel(row.DemandClass), row.Method, row.Version, row.TrainedAt,
        [.. Enumerable.Range(0, Math.Min(horizon, row.Mean.Length)).Select(row.Step)]);

    internal static string Camel(string demandClass) => char.ToLowerInvariant(demandClass[0]) + demandClass[1..];
}

/// <param name="Period">First day of the period.</param>
/// <param name="Mean">Expected demand, units.</param>
/// <param name="Quantiles">By level: demand stays at or below the value with that probability.</param>
public sealed record ForecastStep(DateOnly Period, double Mean, IReadOnlyDictionary<string, double> Quantiles);

/// <summary>A stored forecast with what its version says.</summary>
internal sealed record ForecastRow(
    string Sku, char Frequency, string DemandClass, string Method, DateOnly FirstPeriod, double[] Mean, double[] Quantiles,
    string Version, double[] Levels, DateTimeOffset TrainedAt)
{
    /// <summary>First day of a step's period.</summary>
    public DateOnly Period(int step) => Periods.StartOf(Frequency, Periods.IndexOf(Frequency, FirstPeriod) + step);

    public double Quantile(int level, int step) => Quantiles[level * Mean.Length + step];

    public ForecastStep Step(int step) => new(Period(step), Mean[step],
        Levels.Index().ToDictionary(level => level.Item.ToString(CultureInfo.InvariantCulture), level => Quantile(level.Index, step)));

    public static System.Linq.Expressions.Expression<Func<SeriesForecast, ForecastRow>> FromForecast { get; } = f => new ForecastRow(
        f.Sku, f.Frequency, f.DemandClass, f.Method, f.FirstPeriod, f.Mean, f.Quantiles,
        f.ModelVersion!.Version, f.ModelVersion.QuantileLevels, f.ModelVersion.CreatedAt);
}
