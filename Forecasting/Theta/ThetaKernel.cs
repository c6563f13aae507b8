namespace Shabou.Forecasting;

/// <summary>The standard Theta method, as <see cref="Theta"/> describes it.</summary>
internal readonly struct ThetaKernel : ILaneKernel
{
    public void Forecast<T>(Span<T> series, int season, Span<T> mean, Span<T> deviation) where T : unmanaged, ILanes<T>
    {
        season = Math.Max(season, 1);
        using var buffer = new Pooled<T>(season);
        var indices = buffer.Span;
        SeasonalLanes.Adjust(series, season, indices);
        Extrapolate(series, mean, deviation);
        Reseason(mean, indices, series.Length);
        Reseason(deviation, indices, series.Length);
    }

    /// <summary>Forecasts series without a season.</summary>
    public static void Extrapolate<T>(Span<T> series, Span<T> mean, Span<T> deviation) where T : unmanaged, ILanes<T>
    {
        var n = series.Length;
        var origin = series[0]; // a level far from zero would cost the small differences their digits
        foreach (ref var value in series) value -= origin;
        var fit = SmoothingLanes.Fit<T>(series);
        var drift = Slope<T>(series) * T.Of(0.5);
        var lag = (T.Of(1) - fit.Weight) / fit.Alpha;
        for (var step = 0; step < mean.Length; step++) mean[step] = origin + fit.Level + drift * (T.Of(step) + lag);

        var variance = fit.SquaredErrors / T.Of(Math.Max(1, n - 2)); // alpha and l(0) were fitted
        for (var step = 0; step < deviation.Length; step++) deviation[step] = T.Sqrt(variance * (T.Of(1) + T.Of(step) * fit.Alpha * fit.Alpha));
    }

    /// <summary>Multiplies forecasts by the size of their season's index.</summary>
    /// <param name="start">Position of the first row in time: the length of the history.</param>
    public static void Reseason<T>(Span<T> rows, ReadOnlySpan<T> indices, int start) where T : unmanaged, ILanes<T>
    {
        var position = start % indices.Length;
        foreach (ref var row in rows)
        {
            row *= indices[position];
            if (++position == indices.Length) position = 0;
        }
    }

    /// <summary>The least-squares slope per period; 0 for one period.</summary>
    public static T Slope<T>(ReadOnlySpan<T> series) where T : unmanaged, ILanes<T>
    {
        var n = series.Length;
        if (n < 2) return default;
        var sum = default(T);
        for (var t = 0; t < n; t++) sum += T.Of(t - (n - 1) / 2.0) * series[t];
        return sum * T.Of(12 / ((double)n * ((double)n * n - 1))); // the sum of (t - middle)^2 is n (n^2 - 1) / 12
    }
}
