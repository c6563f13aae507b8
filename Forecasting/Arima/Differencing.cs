namespace Shabou.Forecasting;

/// <summary>Differences of a series.</summary>
internal static class Differencing
{
    /// <summary>Seasonal differences first, then first differences; the result is shorter by d + mD, empty when nothing is left.</summary>
    public static double[] Take(ReadOnlySpan<double> series, int differences, int seasonalDifferences, int season)
    {
        var values = series.ToArray();
        for (var i = 0; i < seasonalDifferences; i++) values = Lag(values, season);
        for (var i = 0; i < differences; i++) values = Lag(values, 1);
        return values;
    }

    /// <summary>Whether all values are the first one, to 1.5e-8 of it on average (as R's all.equal); true for an empty series.</summary>
    public static bool IsConstant(ReadOnlySpan<double> series)
    {
        double off = 0, size = 0;
        var differing = 0;
        foreach (var value in series)
        {
            if (value == series[0]) continue;
            differing++;
            off += Math.Abs(value - series[0]);
            size += Math.Abs(value);
        }

        if (differing == 0) return true;
        return off / differing <= 1.5e-8 * (size / differing > 1.5e-8 ? size / differing : 1);
    }

    private static double[] Lag(double[] values, int lag)
    {
        var result = new double[Math.Max(0, values.Length - lag)];
        for (var t = 0; t < result.Length; t++) result[t] = values[t + lag] - values[t];
        return result;
    }
}
