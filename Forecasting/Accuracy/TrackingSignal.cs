namespace Shabou.Forecasting;

/// <summary>Tells a forecast that is wrong in one direction from one that is merely inexact.</summary>
public static class TrackingSignal
{
    /// <summary>Smoothed error / smoothed absolute error (Trigg 1964, Monitoring a forecasting system): -1 to 1, near 0 while errors cancel out,
    /// near +1 when demand keeps exceeding the forecast.</summary>
    /// <param name="forecasts">Forecasts, oldest first.</param>
    /// <param name="actuals">What came; pairs with a missing (NaN) end do not count.</param>
    /// <param name="alpha">Smoothing constant, 0 to 1. Default 0.1, as in the paper.</param>
    /// <returns>NaN without a pair; 0 while every forecast was exact.</returns>
    /// <remarks>Both averages start at the first error weighted by alpha, that is at zero before it.</remarks>
    public static double Trigg(ReadOnlySpan<double> forecasts, ReadOnlySpan<double> actuals, double alpha = 0.1)
    {
        double signed = 0, absolute = 0;
        var pairs = 0;
        for (var t = 0; t < actuals.Length; t++)
        {
            var error = actuals[t] - forecasts[t];
            if (!double.IsFinite(error)) continue;
            pairs++;
            signed += alpha * (error - signed);
            absolute += alpha * (Math.Abs(error) - absolute);
        }

        return pairs == 0 ? double.NaN : absolute > 0 ? Math.Clamp(signed / absolute, -1, 1) : 0;
    }

    /// <summary>Sum of errors / mean absolute deviation (Brown 1959): grows with every error in the same direction; beyond +-4 to 6 a planner looks.</summary>
    /// <inheritdoc cref="Trigg" path="/param[@name='forecasts']"/>
    /// <inheritdoc cref="Trigg" path="/param[@name='actuals']"/>
    /// <returns>NaN without a pair; 0 while every forecast was exact.</returns>
    public static double Cumulative(ReadOnlySpan<double> forecasts, ReadOnlySpan<double> actuals)
    {
        double sum = 0, absolute = 0;
        var pairs = 0;
        for (var t = 0; t < actuals.Length; t++)
        {
            var error = actuals[t] - forecasts[t];
            if (!double.IsFinite(error)) continue;
            pairs++;
            sum += error;
            absolute += Math.Abs(error);
        }

        return pairs == 0 ? double.NaN : absolute > 0 ? sum / (absolute / pairs) : 0;
    }
}
