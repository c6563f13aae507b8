namespace Shabou.Forecasting;

/// <summary>The standard Theta method: the mean of the theta lines 0 (the linear trend) and 2 (the series with doubled curvature,
/// extrapolated by simple exponential smoothing), after a multiplicative seasonal adjustment where the series is seasonal.</summary>
/// <remarks>Assimakopoulos &amp; Nikolopoulos 2000. Computed in the form that Hyndman &amp; Billah 2003 proved equal: the SES forecast of
/// the adjusted series plus drift, SES + b/2 (h - 1 + (1 - (1 - alpha)^n) / alpha), b the least-squares slope; then times the
/// seasonal index. Where an index is zero, common in intermittent demand, no adjustment is made.
/// The standard deviation of a step is s sqrt(1 + (h - 1) alpha^2) times the seasonal index, s^2 the squared one-step errors / (n - 2):
/// exact for SES with a given drift (Hyndman &amp; Billah 2003). It takes alpha, drift and indices as known, so normal quantiles
/// of it cover less than they say; calibrate them on rolling origins.</remarks>
public sealed class Theta : IBatchMethod
{
    public string Name => "theta";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean) => Forecast(history, season, mean, []);

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean, Span<double> deviation) =>
        LaneBatch.One(new ThetaKernel(), history, season, mean, deviation);

    public void ForecastAll(IReadOnlyList<ReadOnlyMemory<double>> histories, int season, int horizon, double[] means, double[] deviations,
        int threads, CancellationToken cancellationToken) =>
        LaneBatch.All(new ThetaKernel(), new LaneJob(histories, season, horizon, means, deviations), LaneBatch.BestWidth, threads, cancellationToken);
}
