namespace Shabou.Forecasting;

/// <summary>Croston's method with smoothing constants fitted to the part: sizes and intervals each by SES that minimises its own squared errors.
/// Flat.</summary>
/// <remarks>Croston 1972; separate constants: Schultz 1987. The first interval counts from the start of the history. With <paramref name="debiased"/> the
/// ratio is multiplied by 1 - alpha/2, alpha being the intervals' (Syntetos &amp; Boylan 2005). Missing periods are skipped; without any
/// demand the forecast is zero. Like <see cref="Croston"/> it does not decay while no demand comes.</remarks>
/// <param name="debiased">Whether the Syntetos-Boylan factor is applied.</param>
public sealed class OptimisedCroston(bool debiased = false) : IForecastMethod
{
    public string Name => debiased ? "sba-optimised" : "croston-optimised";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        var n = history.Length;
        Span<double> observed = n <= 256 ? stackalloc double[n] : new double[n];
        Span<double> sizes = n <= 256 ? stackalloc double[n] : new double[n];
        Span<double> intervals = n <= 256 ? stackalloc double[n] : new double[n];
        int demands = 0, since = 0;
        foreach (var value in observed[..MissingValues.Skip(history, observed)])
        {
            since++;
            if (value <= 0) continue;
            sizes[demands] = value;
            intervals[demands++] = since;
            since = 0;
        }

        if (demands == 0)
        {
            mean.Clear();
            return;
        }

        var interval = ExponentialSmoothing.Fit(intervals[..demands]);
        var factor = debiased ? 1 - interval.Alpha / 2 : 1;
        mean.Fill(factor * ExponentialSmoothing.Fit(sizes[..demands]).Level / Math.Max(1, interval.Level));
    }
}
