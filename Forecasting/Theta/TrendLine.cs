namespace Shabou.Forecasting;

/// <summary>The least-squares line A + B s through the periods s = 1, 2 ... t.</summary>
/// <param name="Mean">Mean of those periods.</param>
/// <param name="Intercept">A.</param>
/// <param name="Slope">B, per period.</param>
internal readonly record struct TrendLine<T>(T Mean, T Intercept, T Slope) where T : unmanaged, ILanes<T>
{
    /// <summary>The line after one more period (Fiorucci et al. 2016, equations of DSTM).</summary>
    /// <param name="value">The period's value.</param>
    /// <param name="t">Its number, from 1.</param>
    public TrendLine<T> With(T value, int t)
    {
        var mean = (T.Of(t - 1) * Mean + value) / T.Of(t);
        var slope = t < 2 ? default : (T.Of(t - 2) * Slope + T.Of(6.0 / t) * (value - Mean)) / T.Of(t + 1);
        return new(mean, mean - slope * T.Of((t + 1) / 2.0), slope);
    }

    /// <summary>Writes the line known after 0, 1 ... n periods; where not dynamic, that of all n each time.</summary>
    /// <param name="lines">One more than the series has periods.</param>
    public static void Write(ReadOnlySpan<T> series, bool dynamic, Span<TrendLine<T>> lines)
    {
        lines[0] = default;
        for (var t = 1; t <= series.Length; t++) lines[t] = lines[t - 1].With(series[t - 1], t);
        if (!dynamic) lines.Fill(lines[series.Length]);
    }
}
