namespace Shabou.Forecasting;

/// <summary>STL: takes a history apart into trend, season and remainder by local regression. Additive, without holes at the ends.</summary>
/// <remarks>Cleveland, Cleveland, McRae &amp; Terpenning 1990, STL: a seasonal-trend decomposition procedure based on loess; windows, degrees and jumps as R's
/// <c>stl</c> chooses them, not robust: one outlier bends trend and season near it.</remarks>
public static class SeasonalTrendLoess
{
    private const int Rounds = 2;

    /// <summary>History = trend + seasonal + remainder.</summary>
    /// <param name="history">Oldest first; missing periods (NaN) are interpolated.</param>
    /// <param name="season">Periods of the cycle: 4, 7, 12, 52 ...</param>
    /// <param name="seasonalWindow">Cycles over which the shape of the season may change, odd and at least 7; 0, the default: the shape never changes.</param>
    /// <returns>Finite values, one a period. With two seasons or less, or none, the seasonal part is 0 and the trend a plain local
    /// regression.</returns>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static SeasonalComponents Decompose(ReadOnlySpan<double> history, int season, int seasonalWindow = 0)
    {
        var series = new double[history.Length];
        var power = LaneRow.Prepare(history, series);
        var (trend, seasonal) = (new double[series.Length], new double[series.Length]);
        if (season < 2 || series.Length <= 2L * season) Loess.Smooth(series, NextOdd(Math.Max(7, series.Length / 2.0)), 1, 1, trend);
        else Iterate(series, season, seasonalWindow == 0 ? 10 * series.Length + 1 : Math.Max(7, seasonalWindow | 1), trend, seasonal);
        if (seasonalWindow == 0) AverageCycles(seasonal, Math.Max(season, 1));

        var remainder = new double[series.Length];
        for (var t = 0; t < series.Length; t++)
        {
            remainder[t] = LaneRow.Restore(series[t] - trend[t] - seasonal[t], power);
            trend[t] = LaneRow.Restore(trend[t], power);
            seasonal[t] = LaneRow.Restore(seasonal[t], power);
        }

        return new(trend, seasonal, remainder);
    }

    private static void Iterate(double[] series, int season, int seasonalWindow, double[] trend, double[] seasonal)
    {
        var n = series.Length;
        var trendWindow = NextOdd(Math.Ceiling(1.5 * season / (1 - 1.5 / seasonalWindow)));
        var lowWindow = NextOdd(season);
        double[] work = new double[n], low = new double[n], cycles = new double[n + 2 * season];
        for (var round = 0; round < Rounds; round++)
        {
            for (var t = 0; t < n; t++) work[t] = series[t] - trend[t];
            SmoothCycles(work, season, seasonalWindow, cycles);
            LowPass(cycles, season, low);
            Loess.Smooth(low, lowWindow, 1, Jump(lowWindow), work);
            for (var t = 0; t < n; t++)
            {
                seasonal[t] = cycles[season + t] - work[t];
                low[t] = series[t] - seasonal[t];
            }

            Loess.Smooth(low, trendWindow, 1, Jump(trendWindow), trend);
        }
    }

    // Smooths each time of the cycle over the cycles, from one cycle before the history to one after.
    private static void SmoothCycles(double[] values, int season, int window, double[] cycles)
    {
        using var buffer = new Pooled<double>(2 * (values.Length / season + 3));
        for (var position = 0; position < season; position++)
        {
            var count = (values.Length - position - 1) / season + 1;
            var own = buffer.Span[..count];
            var smooth = buffer.Span.Slice(count, count + 2);
            for (var i = 0; i < count; i++) own[i] = values[i * season + position];
            Loess.Smooth(own, window, 0, Jump(window), smooth[1..]);
            smooth[0] = Loess.FitAt(own, window, 0, 0, 1, Math.Min(window, count));
            smooth[^1] = Loess.FitAt(own, window, 0, count + 1, Math.Max(1, count - window + 1), count);
            for (var i = 0; i < count + 2; i++) cycles[i * season + position] = smooth[i];
        }
    }

    // Moving averages over a season, a season and three periods.
    private static void LowPass(double[] cycles, int season, double[] low)
    {
        using var buffer = new Pooled<double>(2 * cycles.Length);
        var first = buffer.Span[..(cycles.Length - season + 1)];
        var second = buffer.Span.Slice(first.Length, first.Length - season + 1);
        MovingMean(cycles, season, first);
        MovingMean(first, season, second);
        MovingMean(second, 3, low);
    }

    private static void MovingMean(ReadOnlySpan<double> values, int length, Span<double> means)
    {
        var sum = 0.0;
        for (var i = 0; i < length; i++) sum += values[i];
        means[0] = sum / length;
        for (var i = 1; i < means.Length; i++)
        {
            sum += values[i + length - 1] - values[i - 1];
            means[i] = sum / length;
        }
    }

    private static void AverageCycles(double[] seasonal, int season)
    {
        for (var position = 0; position < Math.Min(season, seasonal.Length); position++)
        {
            var sum = 0.0;
            var count = 0;
            for (var t = position; t < seasonal.Length; t += season, count++) sum += seasonal[t];
            for (var t = position; t < seasonal.Length; t += season) seasonal[t] = sum / count;
        }
    }

    private static int NextOdd(double value) => (int)Math.Round(value) | 1;

    private static int Jump(int window) => (window + 9) / 10;
}
