namespace Shabou.Forecasting;

/// <summary>The seasonality test and the classical multiplicative decomposition that the Theta method uses.</summary>
public static class SeasonalIndices
{
    private const double OneSided95 = 1.6448536269514722;
    private const double SmallestIndex = 1e-4;

    /// <summary>Whether the autocorrelation at the seasonal lag is significant at 90 % (Assimakopoulos &amp; Nikolopoulos 2000):
    /// |r(m)| &gt; 1.645 sqrt((1 + 2 (r(1)^2 + ... + r(m-1)^2)) / n).</summary>
    /// <returns>False for a constant series and for one of two seasons or less.</returns>
    public static bool IsSeasonal(ReadOnlySpan<double> series, int season)
    {
        var n = series.Length;
        if (season < 2 || n <= 2 * season) return false;
        var mean = 0.0;
        foreach (var value in series) mean += value;
        mean /= n;
        var variance = Autocovariance(series, mean, 0);
        if (variance <= 1e-14 * n * mean * mean) return false;

        var sum = 0.0;
        for (var lag = 1; lag < season; lag++)
        {
            var r = Autocovariance(series, mean, lag) / variance;
            sum += r * r;
        }

        return Math.Abs(Autocovariance(series, mean, season) / variance) > OneSided95 * Math.Sqrt((1 + 2 * sum) / n);
    }

    /// <summary>Writes one index per season position (position of t is t mod season, mean index 1): the mean ratio of the series to
    /// its centred moving average.</summary>
    /// <returns>False when an index is (nearly) zero or cannot be computed, so that dividing by it makes no sense.</returns>
    public static bool TryDecompose(ReadOnlySpan<double> series, int season, Span<double> indices)
    {
        Span<int> counts = season <= 512 ? stackalloc int[season] : new int[season];
        counts.Clear();
        indices.Clear();
        var half = season / 2;
        for (var t = half; t < series.Length - half; t++)
        {
            var trend = 0.0;
            foreach (var value in series[(t - half)..(t + half + 1)]) trend += value;
            if (season % 2 == 0) trend -= (series[t - half] + series[t + half]) / 2;
            var ratio = series[t] / (trend / season);
            if (double.IsNaN(ratio)) continue; // 0/0: a whole season without demand says nothing about the shape
            indices[t % season] += ratio;
            counts[t % season]++;
        }

        var mean = 0.0;
        for (var i = 0; i < season; i++)
        {
            indices[i] /= counts[i];
            mean += indices[i] / season;
        }

        var usable = true;
        for (var i = 0; i < season; i++)
        {
            indices[i] /= mean;
            usable &= Math.Abs(indices[i]) >= SmallestIndex && double.IsFinite(indices[i]);
        }

        return usable;
    }

    private static double Autocovariance(ReadOnlySpan<double> series, double mean, int lag)
    {
        var sum = 0.0;
        for (var t = lag; t < series.Length; t++) sum += (series[t] - mean) * (series[t - lag] - mean);
        return sum;
    }
}
