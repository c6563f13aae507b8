namespace Shabou.Forecasting;

/// <summary>Simple exponential smoothing, l(t) = l(t-1) + alpha (y(t) - l(t-1)), flat forecast l(n); alpha and l(0) together minimise the
/// squared one-step errors, which is maximum likelihood for ETS(A,N,N).</summary>
/// <remarks>Brown 1959; Hyndman, Koehler, Ord &amp; Snyder 2008, ch. 5. For a given alpha the errors are linear in l(0), so the
/// best l(0) is exact and only alpha, in [0.0001, 0.9999], is searched: downhill from 0.3 on a grid, then by golden sections
/// around the point reached (down to 1e-6). That finds the minimum nearest to ordinary smoothing, as the simplex search of R's
/// forecast::ses does; of equal errors the smoother wins, so a constant series gets 0.0001.</remarks>
public sealed class ExponentialSmoothing : IForecastMethod
{
    private const double Golden = 0.6180339887498949;

    private static ReadOnlySpan<double> Grid =>
        [1e-4, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9999];

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
        var best = Grid.IndexOf(0.3);
        var bestError = SquaredErrors(series, Grid[best]);
        while (best > 0 && SquaredErrors(series, Grid[best - 1]) is var lower && lower <= bestError) (best, bestError) = (best - 1, lower);
        while (best < Grid.Length - 1 && SquaredErrors(series, Grid[best + 1]) is var upper && upper < bestError) (best, bestError) = (best + 1, upper);

        var alpha = Refine(series, Grid[Math.Max(best - 1, 0)], Grid[Math.Min(best + 1, Grid.Length - 1)]);
        if (!(SquaredErrors(series, alpha) < bestError)) alpha = Grid[best];
        return At(series, alpha);
    }

    private static double Refine(ReadOnlySpan<double> series, double low, double high)
    {
        var left = high - Golden * (high - low);
        var right = low + Golden * (high - low);
        var (errorLeft, errorRight) = (SquaredErrors(series, left), SquaredErrors(series, right));
        while (high - low > 1e-6)
        {
            if (errorLeft <= errorRight)
            {
                (high, right, errorRight) = (right, left, errorLeft);
                left = high - Golden * (high - low);
                errorLeft = SquaredErrors(series, left);
            }
            else
            {
                (low, left, errorLeft) = (left, right, errorRight);
                right = low + Golden * (high - low);
                errorRight = SquaredErrors(series, right);
            }
        }

        return (low + high) / 2;
    }

    private static double SquaredErrors(ReadOnlySpan<double> series, double alpha)
    {
        var (aa, aq, qq, _, _) = Pass(series, alpha);
        return aa - aq * aq / qq;
    }

    private static SmoothingFit At(ReadOnlySpan<double> series, double alpha)
    {
        var (aa, aq, qq, level, weight) = Pass(series, alpha);
        var first = aq / qq;
        return new SmoothingFit(alpha, level + weight * first, first, Math.Max(0, aa - aq * first));
    }

    // With l(0) = 0 the error at t is a(t); l(0) = x changes it to a(t) - x (1-alpha)^(t-1). Sums of products are all that is needed.
    private static (double Aa, double Aq, double Qq, double Level, double Weight) Pass(ReadOnlySpan<double> series, double alpha)
    {
        double aa = 0, aq = 0, qq = 0, level = 0, weight = 1;
        var keep = 1 - alpha;
        foreach (var value in series)
        {
            var error = value - level;
            aa += error * error;
            aq += error * weight;
            qq += weight * weight;
            level += alpha * error;
            weight *= keep;
        }

        return (aa, aq, qq, level, weight);
    }
}

/// <summary>A fitted level.</summary>
/// <param name="Alpha">Smoothing constant, 0.0001 to 0.9999.</param>
/// <param name="Level">Level after the last period: the forecast.</param>
/// <param name="FirstLevel">Level before the first period.</param>
/// <param name="SquaredErrors">Sum of squared one-step errors.</param>
public readonly record struct SmoothingFit(double Alpha, double Level, double FirstLevel, double SquaredErrors);
