namespace Shabou.Forecasting;

/// <summary>Forecasts the end of a series from what came before it, with every method of <see cref="ForecastMethods.All"/>.</summary>
public static class Backtest
{
    /// <summary>Periods that are held back: 12.</summary>
    public const int Window = 12;

    /// <summary>Scores all methods on the last <see cref="Window"/> periods; none of them sees those periods.</summary>
    /// <returns>One entry per method, in order; <see langword="null"/> when nothing is observed before or in the window.</returns>
    public static SeriesErrors[]? Run(ReadOnlySpan<double> history, int season)
    {
        if (history.Length <= Window) return null;
        var training = history[..^Window];
        var actual = history[^Window..];
        if (!AnyObserved(training) || !AnyObserved(actual)) return null;

        var spread = DemandSpread.Of(training);
        Span<double> mean = stackalloc double[Window];
        Span<double> quantiles = stackalloc double[Window * QuantileForecast.Levels.Length];
        var errors = new SeriesErrors[ForecastMethods.All.Count];
        for (var i = 0; i < errors.Length; i++)
        {
            ForecastMethods.All[i].Forecast(training, season, mean);
            QuantileForecast.Write(spread, mean, quantiles);
            errors[i] = SeriesErrors.Of(training, season, actual, mean, quantiles);
        }

        return errors;
    }

    private static bool AnyObserved(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (!double.IsNaN(value)) return true;
        return false;
    }
}
