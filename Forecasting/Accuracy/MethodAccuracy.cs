namespace Shabou.Forecasting;

/// <summary>How good one method was over many series in the test window. NaN where a figure does not exist.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Series">Series with an observed period in the window.</param>
/// <param name="Mase">Mean of the series' MASE; series without a finite one are left out. Never read it alone on intermittent
/// demand: forecasting zero scores well.</param>
/// <param name="Mae">Mean absolute error, units of demand.</param>
/// <param name="Rmse">Root of the mean squared error pooled over all series and steps.</param>
/// <param name="Bias">Sum of forecasts / sum of demand - 1: +0.1 is 10 % too much.</param>
/// <param name="CumulativeWape">Sum over series of |window's forecast - window's demand| / sum of demand: what matters for stock.</param>
/// <param name="Pinball">Mean pinball loss per published level (<see cref="QuantileForecast.Levels"/>).</param>
public sealed record MethodAccuracy(
    string Method, int Series, double Mase, double Mae, double Rmse, double Bias, double CumulativeWape, IReadOnlyList<double> Pinball)
{
    /// <summary>Sum of absolute errors / sum of demand, period by period.</summary>
    public double Wape { get; init; } = double.NaN;

    /// <summary>Adds up in the given order, so the figures do not depend on which thread finished first.</summary>
    public static MethodAccuracy Of(string method, IEnumerable<SeriesErrors> series)
    {
        int count = 0, scaledCount = 0;
        long steps = 0;
        double scaled = 0, absolute = 0, squared = 0, error = 0, actual = 0, cumulative = 0;
        var pinball = new double[QuantileForecast.Levels.Length];
        foreach (var one in series)
        {
            if (one.Steps == 0) continue;
            count++;
            steps += one.Steps;
            absolute += one.Absolute;
            squared += one.Squared;
            error += one.Error;
            actual += one.Actual;
            cumulative += Math.Abs(one.Error);
            for (var i = 0; i < pinball.Length; i++) pinball[i] += one.Pinball[i];
            if (!double.IsFinite(one.Scaled)) continue;
            scaled += one.Scaled;
            scaledCount++;
        }

        for (var i = 0; i < pinball.Length; i++) pinball[i] /= steps;
        return new(method, count, scaled / scaledCount, absolute / steps, Math.Sqrt(squared / steps),
            actual > 0 ? error / actual : double.NaN, actual > 0 ? cumulative / actual : double.NaN, pinball) { Wape = actual > 0 ? absolute / actual : double.NaN };
    }
}
