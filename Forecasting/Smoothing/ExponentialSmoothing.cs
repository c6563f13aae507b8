namespace Shabou.Forecasting;

/// <summary>Simple exponential smoothing, l(t) = l(t-1) + alpha (y(t) - l(t-1)), flat forecast l(n); alpha and l(0) together minimise the
/// squared one-step errors, which is maximum likelihood for ETS(A,N,N).</summary>
/// <remarks>Brown 1959; Hyndman, Koehler, Ord &amp; Snyder 2008, ch. 5. For a given alpha the errors are linear in l(0), so the
/// best l(0) is exact and only alpha, in [0.0001, 0.9999], is searched: downhill from 0.3 on a grid, then
/// around the point reached, to about 1e-7 (<see cref="SmoothingLanes"/>, here of one series). That finds the minimum nearest to ordinary smoothing, as the simplex search of R's
/// forecast::ses does; of equal errors the smoother wins, so a constant series gets 0.0001.</remarks>
public sealed class ExponentialSmoothing : IForecastMethod
{
    public string Name => "ses";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        var n = history.Length;
        Span<double> filled = n <= 512 ? stackalloc double[n] : new double[n];
        MissingValues.Interpolate(history, filled);
        mean.Fill(Fit(filled).Level);
    }

    /// <summary>Fits a complete series (no NaN, at least one value).</summary>
    public static SmoothingFit Fit(ReadOnlySpan<double> series)
    {
        var fit = SmoothingLanes.Fit(SeasonalLanes.Scalar(series));
        return new(SeasonalLanes.Number(fit.Alpha), SeasonalLanes.Number(fit.Level), SeasonalLanes.Number(fit.FirstLevel), SeasonalLanes.Number(fit.SquaredErrors));
    }
}

/// <summary>A fitted level.</summary>
/// <param name="Alpha">Smoothing constant, 0.0001 to 0.9999.</param>
/// <param name="Level">Level after the last period: the forecast.</param>
/// <param name="FirstLevel">Level before the first period.</param>
/// <param name="SquaredErrors">Sum of squared one-step errors.</param>
public readonly record struct SmoothingFit(double Alpha, double Level, double FirstLevel, double SquaredErrors);
