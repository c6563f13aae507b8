namespace Shabou.Forecasting;

/// <summary>How far demand strays from a forecast, measured inside the history only.</summary>
/// <param name="Class">Decides which distribution is used.</param>
/// <param name="Variance">Mean squared one-step error, in squared units of demand.</param>
/// <param name="Alpha">SES smoothing constant: how fast the variance of a smooth series grows with the step.</param>
public readonly record struct DemandSpread(DemandClass Class, double Variance, double Alpha)
{
    /// <summary>Measures a history.</summary>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static DemandSpread Of(ReadOnlySpan<double> history)
    {
        var demandClass = DemandProfile.Of(history).Class;
        Span<double> series = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        if (demandClass != DemandClass.Smooth)
        {
            var observed = series[..MissingValues.Skip(history, series)];
            return new(demandClass, TeunterSyntetosBabai.SquaredError(observed), 0);
        }

        MissingValues.Interpolate(history, series);
        var fit = ExponentialSmoothing.Fit(series);
        var freedom = Math.Max(1, series.Length - 2); // alpha and the first level were fitted
        return new(demandClass, fit.SquaredErrors / freedom, fit.Alpha);
    }
}
