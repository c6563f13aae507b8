namespace Shabou.Forecasting;

/// <summary>Runs a model over a series once: its errors, what it is at the end, and what the gradient needs.</summary>
/// <remarks>Pegels' recursions with the level's, slope's and season's errors as in Hyndman, Koehler, Ord &amp; Snyder 2008, table 2.1 (as R's etscalc):
/// q = l + phi b; f = q + s or q s; e = y - f; l = q + alpha e (e / s); b = phi b + beta e (e / s); s = s + gamma e (e / q).</remarks>
internal static class EtsRecursion
{
    /// <summary>Numbers kept per period for <see cref="EtsSensitivities"/>.</summary>
    public const int Kept = 8;

    /// <summary>Squared errors are taken to be at least this for every period (of a series scaled to a mean near 1): closer is a perfect fit,
    /// and perfect fits must tie or the choice between them would be one of rounding errors.</summary>
    public const double PerfectSquare = 1e-24;

    /// <summary>Minus twice the log likelihood without its constants, as R counts: n log(sum e^2), and for relative errors + 2 sum log |f|.</summary>
    /// <param name="series">Complete.</param>
    /// <param name="layout">The model.</param>
    /// <param name="point">Its unknowns.</param>
    /// <param name="kept">Receives <see cref="Kept"/> numbers a period.</param>
    /// <param name="errors">Receives the one-step errors, relative ones for multiplicative errors.</param>
    /// <param name="indices">Work space and, afterwards, the season's last indices by position.</param>
    /// <returns>Infinity where the recursion breaks down (a forecast, level or index of zero).</returns>
    public static (double Deviance, double Squares, double Level, double Slope) Run(
        ReadOnlySpan<double> series, in EtsLayout layout, ReadOnlySpan<double> point, Span<double> kept, Span<double> errors, Span<double> indices)
    {
        indices[0] = layout.FirstIndex(point);
        point[layout.Indices..layout.Count].CopyTo(indices[1..]);
        var slope = layout.Slope < 0 ? 0 : point[layout.Slope];
        var parameters = layout.Parameters(point);
        var relative = layout.Model.Error == EtsError.Multiplicative;
        double level, logs;
        (level, slope, logs) = layout.Model.Season == EtsSeason.Multiplicative
            ? Factors(series, parameters, point[layout.Level], slope, kept, errors, indices[..layout.Season])
            : relative ? RelativeSums(series, parameters, point[layout.Level], slope, kept, errors, indices[..layout.Season])
            : Sums(series, parameters, point[layout.Level], slope, kept, errors, indices[..layout.Season]);
        var squares = 0.0;
        foreach (var error in errors[..series.Length]) squares += error * error;
        var deviance = series.Length * Math.Log(Math.Max(squares, PerfectSquare * series.Length)) + 2 * logs;
        return (double.IsFinite(deviance) && double.IsFinite(level) && double.IsFinite(slope) ? deviance : double.PositiveInfinity, squares, level, slope);
    }

    // No season (one index that stays zero) or an additive one, additive errors.
    private static (double Level, double Slope, double Logs) Sums(
        ReadOnlySpan<double> series, EtsParameters parameters, double level, double slope, Span<double> kept, Span<double> errors, Span<double> indices)
    {
        var (alpha, beta, gamma, phi) = parameters;
        var position = 0;
        for (var t = 0; t < series.Length; t++)
        {
            var left = phi * slope;
            var before = level + left;
            var index = indices[position];
            var error = series[t] - index - before;
            var keep = kept.Slice(t * Kept, Kept);
            keep[0] = error;
            keep[1] = slope;
            errors[t] = error;
            level = before + alpha * error;
            slope = left + beta * error;
            indices[position] = index + gamma * error;
            if (++position == indices.Length) position = 0;
        }

        return (level, slope, 0);
    }

    // The same with errors relative to the forecast.
    private static (double Level, double Slope, double Logs) RelativeSums(
        ReadOnlySpan<double> series, EtsParameters parameters, double level, double slope, Span<double> kept, Span<double> errors, Span<double> indices)
    {
        var (alpha, beta, gamma, phi) = parameters;
        var logs = new ProductLog();
        var position = 0;
        for (var t = 0; t < series.Length; t++)
        {
            var left = phi * slope;
            var before = level + left;
            var index = indices[position];
            var error = series[t] - index - before;
            var forecast = before + index;
            var inverse = 1 / forecast;
            var keep = kept.Slice(t * Kept, Kept);
            keep[0] = error;
            keep[1] = slope;
            keep[2] = -(series[t] * inverse) * inverse;
            keep[3] = inverse;
            errors[t] = error * inverse;
            logs.Multiply(forecast);
            level = before + alpha * error;
            slope = left + beta * error;
            indices[position] = index + gamma * error;
            if (++position == indices.Length) position = 0;
        }

        return (level, slope, logs.Sum());
    }

    // A multiplicative season, relative errors.
    private static (double Level, double Slope, double Logs) Factors(
        ReadOnlySpan<double> series, EtsParameters parameters, double level, double slope, Span<double> kept, Span<double> errors, Span<double> indices)
    {
        var (alpha, beta, gamma, phi) = parameters;
        var logs = new ProductLog();
        var position = 0;
        for (var t = 0; t < series.Length; t++)
        {
            var left = phi * slope;
            var before = level + left;
            var index = indices[position];
            var (inverseIndex, inverseBefore) = (1 / index, 1 / before);
            var (deseasonalised, detrended) = (series[t] * inverseIndex, series[t] * inverseBefore);
            var (levelError, indexError) = (deseasonalised - before, detrended - index);
            var ratio = detrended * inverseIndex;
            var keep = kept.Slice(t * Kept, Kept);
            keep[0] = levelError;
            keep[1] = slope;
            keep[2] = -ratio;
            keep[3] = inverseIndex;
            keep[4] = inverseBefore;
            keep[5] = indexError;
            keep[6] = deseasonalised * inverseIndex;
            keep[7] = detrended * inverseBefore;
            errors[t] = ratio - 1;
            logs.Multiply(before * index);
            level = before + alpha * levelError;
            slope = left + beta * levelError;
            indices[position] = index + gamma * indexError;
            if (++position == indices.Length) position = 0;
        }

        return (level, slope, logs.Sum());
    }

    // The sum of log |x|, with one logarithm for every eight: of a series scaled to a mean near 1 products of eight do not overflow, and where
    // they do the sum is infinite and the point is refused.
    private struct ProductLog()
    {
        private double _product = 1, _sum;
        private int _count;

        public void Multiply(double value)
        {
            _product *= value;
            if (++_count % 8 != 0) return;
            _sum += Math.Log(Math.Abs(_product));
            _product = 1;
        }

        public readonly double Sum() => _sum + Math.Log(Math.Abs(_product));
    }
}
