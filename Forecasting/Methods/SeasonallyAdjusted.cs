namespace Shabou.Forecasting;

/// <summary>Another method on the seasonally adjusted history: the season is divided out, the rest is forecast, the season is put back.</summary>
/// <remarks>The test and the classical multiplicative decomposition of <see cref="SeasonalIndices"/>, as the M3 competition's benchmarks did (Makridakis
/// &amp; Hibon 2000: single, Holt, damped and their mean, Comb S-H-D). Where there is no season, or an index is near zero, the method
/// gets the history as it is.</remarks>
/// <param name="name">Name in tables.</param>
/// <param name="method">Forecasts what is left, told that it has no season.</param>
public sealed class SeasonallyAdjusted(string name, IForecastMethod method) : IForecastMethod
{
    public string Name => name;

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        var n = history.Length;
        Span<double> series = n <= 512 ? stackalloc double[n] : new double[n];
        MissingValues.Interpolate(history, series);
        Span<double> indices = season <= 512 ? stackalloc double[season] : new double[season];
        var seasonal = SeasonalIndices.IsSeasonal(series, season) && SeasonalIndices.TryDecompose(series, season, indices);
        if (seasonal)
            for (var t = 0; t < n; t++) series[t] /= indices[t % season];
        method.Forecast(series, 1, mean);
        if (!seasonal) return;
        for (var step = 0; step < mean.Length; step++) mean[step] *= indices[(n + step) % season];
    }
}
