namespace Shabou.Forecasting;

/// <summary>Errors of forecasts one period ahead, period by period: what says how far a part or a category is to be believed when they are reconciled.</summary>
public static class OneStepErrors
{
    /// <summary>Demand less forecast, units, by simple exponential smoothing on the seasonally adjusted history: the measure by which intervals of regular
    /// demand are scaled. A stand-in for the errors of the published forecast, which would cost a forecast per period and node.</summary>
    /// <param name="history">Complete, no NaN; may be empty.</param>
    /// <param name="season">Periods of the cycle, at least 1.</param>
    /// <returns>As many as there are periods; the level before the first one is fitted, so of a constant history all are zero.</returns>
    public static double[] Of(ReadOnlySpan<double> history, int season)
    {
        if (history.IsEmpty) return [];
        var series = history.ToArray();
        var indices = new double[season];
        var seasonal = SeasonalIndices.IsSeasonal(series, season) && SeasonalIndices.TryDecompose(series, season, indices);
        if (seasonal)
            for (var t = 0; t < series.Length; t++) series[t] /= indices[t % season];
        var fit = ExponentialSmoothing.Fit(series);
        var level = fit.FirstLevel;
        for (var t = 0; t < series.Length; t++)
        {
            var error = series[t] - level;
            level += fit.Alpha * error;
            series[t] = seasonal ? error * indices[t % season] : error;
        }

        return series;
    }
}
