namespace Shabou.Forecasting;

/// <summary>Whether intervals hold what they say.</summary>
public static class Coverage
{
    /// <summary>Share of the actual values inside [low, high], ends included; missing (NaN) actuals do not count.</summary>
    /// <returns>NaN when nothing can be compared.</returns>
    public static double Of(ReadOnlySpan<double> actuals, ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        int inside = 0, compared = 0;
        for (var t = 0; t < actuals.Length; t++)
        {
            if (double.IsNaN(actuals[t])) continue;
            compared++;
            if (actuals[t] >= low[t] && actuals[t] <= high[t]) inside++;
        }

        return compared == 0 ? double.NaN : (double)inside / compared;
    }

    /// <summary>Mean scaled interval score of one series: (high - low + 2/a (low - y)+ + 2/a (y - high)+) averaged, divided by the
    /// seasonal naive error of the training part (M4 competition: Makridakis, Spiliotis &amp; Assimakopoulos 2020; score by Gneiting &amp; Raftery 2007).</summary>
    /// <param name="training">Gives the scale, as for <see cref="ScaledError"/>.</param>
    /// <param name="season">Lag of the scale.</param>
    /// <param name="missed">a: the share that may fall outside, 0.05 for a 95 % interval.</param>
    /// <returns>NaN or infinite where the scale is zero or nothing can be compared.</returns>
    public static double IntervalScore(ReadOnlySpan<double> training, int season, ReadOnlySpan<double> actuals,
        ReadOnlySpan<double> low, ReadOnlySpan<double> high, double missed = 0.05)
    {
        var sum = 0.0;
        var compared = 0;
        for (var t = 0; t < actuals.Length; t++)
        {
            if (double.IsNaN(actuals[t])) continue;
            compared++;
            sum += high[t] - low[t] + 2 / missed * (Math.Max(0, low[t] - actuals[t]) + Math.Max(0, actuals[t] - high[t]));
        }

        return ScaledError.Of(training, season, sum / compared);
    }
}
