namespace Shabou.Forecasting;

/// <summary>One number that says how far a part's demand strays from a forecast: errors of different parts divided by it can be pooled.</summary>
internal static class ErrorSpread
{
    /// <summary>Regular demand: a typical one-step error, units (<see cref="Scale"/>). Seldom demand: variance, units squared.</summary>
    /// <param name="history">At least one observed period.</param>
    public static double Of(DemandRoute route, ReadOnlySpan<double> history, int season) =>
        route == DemandRoute.Seldom ? Variance(history) : Scale(history, season);

    /// <summary>Mean squared one-step error of TSB.</summary>
    private static double Variance(ReadOnlySpan<double> history)
    {
        Span<double> buffer = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        return TeunterSyntetosBabai.SquaredError(buffer[..MissingValues.Skip(history, buffer)]);
    }

    /// <summary>Root mean squared one-step error of SES on the seasonally adjusted history.</summary>
    private static double Scale(ReadOnlySpan<double> history, int season)
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
