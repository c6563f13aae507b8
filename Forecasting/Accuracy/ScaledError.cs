namespace Shabou.Forecasting;

/// <summary>The mean absolute scaled error of one series (Hyndman &amp; Koehler 2006).</summary>
public static class ScaledError
{
    /// <summary>MAE divided by the mean |y(t) - y(t-season)| of the training part; lag 1 where that gives 0/0.</summary>
    /// <returns>Infinite when only the scale is zero, NaN when both scales and the error are; averages leave out both.</returns>
    public static double Of(ReadOnlySpan<double> training, int season, double meanAbsoluteError)
    {
        var scaled = meanAbsoluteError / Scale(training, season);
        return double.IsNaN(scaled) ? meanAbsoluteError / Scale(training, 1) : scaled;
    }

    /// <summary>The scale that <see cref="Of"/> divides by; NaN without any pair of periods.</summary>
    public static double ScaleOf(ReadOnlySpan<double> training, int season) =>
        Scale(training, season) is var scale && scale > 0 ? scale : Scale(training, 1);

    // Pairs with a missing end are left out; without any pair the scale is NaN.
    private static double Scale(ReadOnlySpan<double> training, int lag)
    {
        double sum = 0;
        var pairs = 0;
        for (var t = lag; t < training.Length; t++)
        {
            var difference = Math.Abs(training[t] - training[t - lag]);
            if (double.IsNaN(difference)) continue;
            sum += difference;
            pairs++;
        }

        return pairs > 0 ? sum / pairs : double.NaN;
    }
}
