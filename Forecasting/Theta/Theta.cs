namespace Shabou.Forecasting;

/// <summary>The standard Theta method: the mean of the theta lines 0 (the linear trend) and 2 (the series with doubled curvature,
/// extrapolated by simple exponential smoothing), after a multiplicative seasonal adjustment where the series is seasonal.</summary>
/// <remarks>Assimakopoulos &amp; Nikolopoulos 2000. Computed in the form that Hyndman &amp; Billah 2003 proved equal: the SES forecast of
/// the adjusted series plus drift, SES + b/2 (h - 1 + (1 - (1 - alpha)^n) / alpha), b the least-squares slope; then times the
/// seasonal index. Where an index is zero, common in intermittent demand, no adjustment is made.</remarks>
public sealed class Theta : IForecastMethod
{
    public string Name => "theta";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        var n = history.Length;
        Span<double> series = n <= 512 ? stackalloc double[n] : new double[n];
        MissingValues.Interpolate(history, series);
        Span<double> indices = season <= 512 ? stackalloc double[season] : new double[season];
        var seasonal = SeasonalIndices.IsSeasonal(series, season) && SeasonalIndices.TryDecompose(series, season, indices);
        if (seasonal)
            for (var t = 0; t < n; t++) series[t] /= indices[t % season];

        var fit = ExponentialSmoothing.Fit(series);
        var drift = Slope(series) / 2;
        var lag = (1 - Math.Pow(1 - fit.Alpha, n)) / fit.Alpha;
        for (var step = 0; step < mean.Length; step++)
        {
            mean[step] = fit.Level + drift * (step + lag);
            if (seasonal) mean[step] *= indices[(n + step) % season];
        }
    }

    private static double Slope(ReadOnlySpan<double> series)
    {
        var n = series.Length;
        if (n < 2) return 0;
        var middle = (n - 1) / 2.0;
        var sum = 0.0;
        for (var t = 0; t < n; t++) sum += (t - middle) * series[t];
        return sum * 12 / ((double)n * ((double)n * n - 1)); // the sum of (t - middle)^2 is n (n^2 - 1) / 12
    }
}
