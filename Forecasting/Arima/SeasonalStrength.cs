namespace Shabou.Forecasting;

/// <summary>How much of a series that moves with the season does so: the measure that decides on a seasonal difference.</summary>
/// <remarks>Wang, Smith &amp; Hyndman 2006: 1 - Var(remainder) / Var(remainder + season), cut to 0 ... 1, from a decomposition by local regression (STL,
/// Cleveland, Cleveland, McRae &amp; Terpenning 1990) with a seasonal window of 11, not robust, two rounds, as in R's forecast::nsdiffs.</remarks>
public static class SeasonalStrength
{
    /// <summary>A seasonal difference is taken above 0.64 (forecast::nsdiffs, chosen there on M4).</summary>
    public const double DifferenceAbove = 0.64;

    private const int SeasonalWindow = 11, Rounds = 2;

    /// <summary>The strength, 0 to 1.</summary>
    /// <param name="series">Complete.</param>
    /// <returns>0 without a season, for two seasons or less, and for a series that is all trend.</returns>
    public static double Of(ReadOnlySpan<double> series, int season)
    {
        var n = series.Length;
        if (season < 2 || n <= 2 * season) return 0;
        var (seasonal, trend) = (new double[n], new double[n]);
        Decompose(series, season, seasonal, trend);
        double[] remainder = new double[n], moving = new double[n];
        for (var t = 0; t < n; t++)
        {
            remainder[t] = series[t] - seasonal[t] - trend[t];
            moving[t] = remainder[t] + seasonal[t];
        }

        var strength = 1 - Variance(remainder) / Variance(moving);
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

    private static void Decompose(ReadOnlySpan<double> series, int season, Span<double> seasonal, Span<double> trend)
    {
        var n = series.Length;
        var trendWindow = Odd((int)Math.Ceiling(1.5 * season / (1 - 1.5 / SeasonalWindow)));
        var lowWindow = Odd(season);
        double[] cycle = new double[n + 2 * season], first = new double[n + season + 1], second = new double[n + 2], low = new double[n], detrended = new double[n];
        for (var round = 0; round < Rounds; round++)
        {
            for (var t = 0; t < n; t++) detrended[t] = series[t] - trend[t];
            SmoothPositions(detrended, season, cycle);
            MovingMean(cycle, season, first);
            MovingMean(first, season, second);
            MovingMean(second, 3, low.AsSpan());
            LocalRegression.Smooth(low, lowWindow, 1, Jump(lowWindow), detrended);
            for (var t = 0; t < n; t++) seasonal[t] = cycle[t + season] - detrended[t];
            for (var t = 0; t < n; t++) low[t] = series[t] - seasonal[t];
            LocalRegression.Smooth(low, trendWindow, 1, Jump(trendWindow), trend);
        }
    }

    // Each position of the season by itself, a season further at both ends.
    private static void SmoothPositions(ReadOnlySpan<double> detrended, int season, Span<double> cycle)
    {
        var longest = (detrended.Length - 1) / season + 1;
        double[] position = new double[longest], smooth = new double[longest];
        for (var at = 0; at < season; at++)
        {
            var count = (detrended.Length - at - 1) / season + 1;
            for (var i = 0; i < count; i++) position[i] = detrended[at + i * season];
            var values = position.AsSpan(0, count);
            LocalRegression.Smooth(values, SeasonalWindow, 0, Jump(SeasonalWindow), smooth.AsSpan(0, count));
            for (var i = 0; i < count; i++) cycle[at + (i + 1) * season] = smooth[i];
            var reach = Math.Min(SeasonalWindow, count);
            cycle[at] = LocalRegression.At(values, 0, 1, reach, SeasonalWindow, 0, smooth[0]);
            cycle[at + (count + 1) * season] = LocalRegression.At(values, count + 1, count - reach + 1, count, SeasonalWindow, 0, smooth[count - 1]);
        }
    }

    private static void MovingMean(ReadOnlySpan<double> from, int length, Span<double> to)
    {
        var sum = 0.0;
        for (var t = 0; t < length; t++) sum += from[t];
        to[0] = sum / length;
        for (var t = length; t < from.Length; t++)
        {
            sum += from[t] - from[t - length];
            to[t - length + 1] = sum / length;
        }
    }

    private static int Odd(int window) => window % 2 == 0 ? window + 1 : window;

    private static int Jump(int window) => (window + 9) / 10;
}
