namespace Shabou.Forecasting;

/// <summary>What one method got wrong on one series in one test window: sums that add up over series.</summary>
/// <param name="Steps">Observed periods of the window.</param>
/// <param name="Absolute">Sum of |forecast - actual|.</param>
/// <param name="Squared">Sum of squared errors.</param>
/// <param name="Error">Sum of forecast - actual; its absolute value is the error of the cumulated demand.</param>
/// <param name="Actual">Sum of actual demand.</param>
/// <param name="Scaled">MASE of the series; NaN or infinite where it has none.</param>
/// <param name="Pinball">Sum of the pinball loss per published level.</param>
public readonly record struct SeriesErrors(
    int Steps, double Absolute, double Squared, double Error, double Actual, double Scaled, double[] Pinball)
{
    /// <summary>Compares; periods whose actual demand is missing do not count.</summary>
    /// <param name="training">The part the forecast was made from: it gives the scale of MASE.</param>
    /// <param name="season">Lag of the scale.</param>
    /// <param name="actual">The test window.</param>
    /// <param name="mean">Forecast of the window.</param>
    /// <param name="quantiles">Its quantiles, level by level.</param>
    public static SeriesErrors Of(ReadOnlySpan<double> training, int season, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> mean, ReadOnlySpan<double> quantiles)
    {
        var steps = 0;
        double absolute = 0, squared = 0, sum = 0, demand = 0;
        var pinball = new double[QuantileForecast.Levels.Length];
        for (var s = 0; s < actual.Length; s++)
        {
            if (double.IsNaN(actual[s])) continue;
            steps++;
            var error = mean[s] - actual[s];
            absolute += Math.Abs(error);
            squared += error * error;
            sum += error;
            demand += actual[s];
            for (var i = 0; i < pinball.Length; i++)
                pinball[i] += PinballLoss(QuantileForecast.Levels[i], actual[s] - quantiles[i * actual.Length + s]);
        }

        return new(steps, absolute, squared, sum, demand, ScaledError.Of(training, season, absolute / steps), pinball);
    }

    /// <summary>Level x shortage, or (1 - level) x surplus (Koenker &amp; Bassett 1978).</summary>
    private static double PinballLoss(double level, double shortage) => shortage >= 0 ? level * shortage : (level - 1) * shortage;
}
