namespace Shabou.Forecasting;

/// <summary>Another method on the logarithms of the history: growth by shares instead of by units, errors that grow with the level.</summary>
/// <remarks>Box &amp; Cox 1964 with lambda 0. The forecast is turned back as it is, so it is the middle and not the mean of what may come. A history with
/// zeros is shifted by one unit; a forecast is cut off at a thousand times the largest demand.</remarks>
/// <param name="method">Forecasts the logarithms.</param>
public sealed class LogScale(IForecastMethod method) : IForecastMethod
{
    private const double FarthestGrowth = 1000;

    public string Name => "log-" + method.Name;

    internal bool IsCostly => method is AutoEts;

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        var n = history.Length;
        Span<double> series = n <= 512 ? stackalloc double[n] : new double[n];
        double smallest = double.PositiveInfinity, largest = 0;
        foreach (var value in history)
        {
            if (double.IsNaN(value)) continue;
            smallest = Math.Min(smallest, value);
            largest = Math.Max(largest, value);
        }

        var shift = smallest > 0 ? 0 : 1;
        for (var t = 0; t < n; t++) series[t] = double.IsNaN(history[t]) ? double.NaN : Math.Log(Math.Max(0, history[t]) + shift);
        method.Forecast(series, season, mean);
        foreach (ref var value in mean) value = Math.Min(Math.Exp(value) - shift, FarthestGrowth * Math.Max(1, largest));
    }
}
