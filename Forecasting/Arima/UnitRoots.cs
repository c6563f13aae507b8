namespace Shabou.Forecasting;

/// <summary>How many first differences make a series level: repeated tests of Kwiatkowski, Phillips, Schmidt &amp; Shin 1992.</summary>
public static class UnitRoots
{
    /// <summary>Critical value of the test of a constant level at 5 %: 0.463 (their table 1).</summary>
    public const double CriticalValue = 0.463;

    /// <summary>The test statistic for a constant level: sum of squared partial sums of deviations / (n^2 long-run variance), the latter
    /// with Bartlett weights up to lag 3 sqrt(n) / 13, as in R's forecast::ndiffs.</summary>
    /// <param name="series">Complete.</param>
    /// <returns>NaN for a constant or empty series.</returns>
    public static double Kpss(ReadOnlySpan<double> series)
    {
        var n = series.Length;
        var mean = 0.0;
        foreach (var value in series) mean += value / n;
        double partial = 0, partials = 0;
        foreach (var value in series)
        {
            partial += value - mean;
            partials += partial * partial;
        }

        var lags = (int)(3 * Math.Sqrt(n) / 13);
        var variance = 0.0;
        for (var lag = 0; lag <= Math.Min(lags, n - 1); lag++)
        {
            var sum = 0.0;
            for (var t = lag; t < n; t++) sum += (series[t] - mean) * (series[t - lag] - mean);
            variance += lag == 0 ? sum : 2 * (1 - lag / (lags + 1.0)) * sum;
        }

        return partials / ((double)n * variance);
    }

    /// <summary>Differences to take: as long as the test rejects a constant level at 5 %, at most <paramref name="most"/>.</summary>
    /// <param name="series">Complete; shorter by its seasonal differences.</param>
    /// <param name="most">2 in automatic ARIMA.</param>
    public static int Differences(ReadOnlySpan<double> series, int most = 2)
    {
        var values = series.ToArray();
        for (var taken = 0; ; taken++)
            if (taken == most || Differencing.IsConstant(values) || !(Kpss(values) > CriticalValue)) return taken;
            else values = Differencing.Take(values, 1, 0, 1);
    }
}
