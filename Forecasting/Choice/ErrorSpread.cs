namespace Shabou.Forecasting;

/// <summary>How far a part's demand strays from a forecast: what makes errors of different parts comparable, so that they can be pooled.</summary>
/// <param name="Scale">Regular demand: root mean squared one-step error of SES on the seasonally adjusted history, units.</param>
/// <param name="Dispersion">Seldom demand: variance / mean around a known level.</param>
/// <param name="LevelVariation">Seldom demand: squared coefficient of variation of the level.</param>
internal readonly record struct ErrorSpread(double Scale, double Dispersion, double LevelVariation)
{
    /// <summary>Variance of seldom demand with this mean: dispersion x mean + level variation x mean^2, for one period or a sum alike
    /// (<see cref="PooledForecast"/>).</summary>
    public double VarianceOf(double mean) => Dispersion * mean + LevelVariation * mean * mean;

    /// <summary>Measures a history of at least one observed period.</summary>
    /// <param name="pooled">What the pooled model says of seldom demand; without it the squared errors of TSB do.</param>
    public static ErrorSpread Of(DemandRoute route, ReadOnlySpan<double> history, int season, PooledForecast? pooled) =>
        route == DemandRoute.Regular ? new(ScaleOf(history, season), 0, 0)
        : pooled is not null ? new(0, pooled.Dispersion, pooled.LevelVariation)
        : Own(history);

    private static ErrorSpread Own(ReadOnlySpan<double> history)
    {
        Span<double> buffer = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        var observed = buffer[..MissingValues.Skip(history, buffer)];
        var sum = 0.0;
        foreach (var value in observed) sum += value;
        return sum > 0 ? new(0, Math.Max(1, TeunterSyntetosBabai.SquaredError(observed) / (sum / observed.Length)), 0) : new(0, 1, 0);
    }

    private static double ScaleOf(ReadOnlySpan<double> history, int season)
    {
        var n = history.Length;
        Span<double> series = n <= 512 ? stackalloc double[n] : new double[n];
        MissingValues.Interpolate(history, series);
        Span<double> indices = season <= 512 ? stackalloc double[season] : new double[season];
        if (SeasonalIndices.IsSeasonal(series, season) && SeasonalIndices.TryDecompose(series, season, indices))
            for (var t = 0; t < n; t++) series[t] /= indices[t % season];
        var fit = ExponentialSmoothing.Fit(series);
        return Math.Sqrt(fit.SquaredErrors / Math.Max(1, n - 2));
    }
}
