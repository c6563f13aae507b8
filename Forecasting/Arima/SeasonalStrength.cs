namespace Shabou.Forecasting;

/// <summary>How much of a series that moves with the season does so: the measure that decides on a seasonal difference.</summary>
/// <remarks>Wang, Smith &amp; Hyndman 2006: 1 - Var(remainder) / Var(remainder + season), cut to 0 ... 1, from
/// <see cref="SeasonalTrendLoess"/> with a seasonal window of 11, as in R's forecast::nsdiffs.</remarks>
public static class SeasonalStrength
{
    /// <summary>A seasonal difference is taken above 0.64 (forecast::nsdiffs, chosen there on M4).</summary>
    public const double DifferenceAbove = 0.64;

    private const int SeasonalWindow = 11;

    /// <summary>The strength, 0 to 1.</summary>
    /// <param name="series">Complete.</param>
    /// <returns>0 without a season, for two seasons or less, and for a series that is all trend.</returns>
    public static double Of(ReadOnlySpan<double> series, int season)
    {
        var n = series.Length;
        if (season < 2 || n <= 2 * season) return 0;
        var parts = SeasonalTrendLoess.Decompose(series, season, SeasonalWindow);
        var moving = new double[n];
        for (var t = 0; t < n; t++) moving[t] = parts.Remainder[t] + parts.Seasonal[t];
        var strength = 1 - Variance(parts.Remainder) / Variance(moving);
        return double.IsNaN(strength) ? 0 : Math.Clamp(strength, 0, 1);
    }

    /// <summary>Whether automatic ARIMA takes a seasonal difference.</summary>
    public static bool CallsForDifference(ReadOnlySpan<double> series, int season) =>
        !Differencing.IsConstant(series) && Of(series, season) > DifferenceAbove;

    private static double Variance(ReadOnlySpan<double> values)
    {
        var (mean, sum) = (0.0, 0.0);
        foreach (var value in values) mean += value / values.Length;
        foreach (var value in values) sum += (value - mean) * (value - mean);
        return sum / (values.Length - 1);
    }
}
