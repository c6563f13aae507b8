namespace Shabou.CatalogApi.Forecasts;

/// <summary>What is expected of a part, and whether that is fresh.</summary>
/// <param name="Frequency">Length of a step: Y, Q, M, W, D or O.</param>
/// <param name="Class">smooth, intermittent, erratic or lumpy.</param>
/// <param name="Model">The methods behind it.</param>
/// <param name="ModelVersion">Which training run made it, see /api/v1/models.</param>
/// <param name="Steps">In order of time, from the period after the last of the history.</param>
/// <param name="Stale">true: the forecast service is away, and this is what it answered last.</param>
/// <param name="AgeSeconds">Seconds since it answered that; 0 when fresh.</param>
public sealed record ProductForecast(
    string Sku, string Frequency, string Class, string Model, string ModelVersion, DateTimeOffset TrainedAt, IReadOnlyList<ForecastStep> Steps, bool Stale, long AgeSeconds);

/// <param name="Period">First day of the period.</param>
/// <param name="Mean">Expected demand, units.</param>
/// <param name="Quantiles">By level: demand stays at or below the value with that probability.</param>
public sealed record ForecastStep(DateOnly Period, double Mean, IReadOnlyDictionary<string, double> Quantiles);
