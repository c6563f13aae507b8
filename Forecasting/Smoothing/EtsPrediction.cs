namespace Shabou.Forecasting;

/// <summary>Exact means and variances of forecasts, given the parameters, for normal errors.</summary>
/// <remarks>
/// Hyndman, Koehler, Ord &amp; Snyder 2008, ch. 6. Class 1 (additive errors): sigma^2 (1 + c(1)^2 + ... + c(h-1)^2), c(j) being what an error of 1 adds
/// j periods later. Class 2 (multiplicative errors, additive season or none): (1 + sigma^2) theta(h) - mean(h)^2, theta(h) = mean(h)^2 +
/// sigma^2 (c(1)^2 theta(h-1) + ... + c(h-1)^2 theta(1)). Class 3 (multiplicative season): first and second moments of level and slope are carried
/// forward, weighted at the periods whose errors have changed the index that is used; that is their matrix formula without its matrices.
/// R's forecast.ets gives the same but for two slips: it forgets phi in class 3, and puts gamma one position off where there is no trend.
/// Numbers end at 1e300 instead of overflowing.
/// </remarks>
internal static class EtsPrediction
{
    private const double Largest = 1e300;

    public static void Write(EtsFit fit, Span<double> mean, Span<double> variance)
    {
        if (fit.Model.Season == EtsSeason.Multiplicative)
        {
            for (var step = 0; step < mean.Length; step++)
            {
                var (first, second) = Moments(fit, step + 1);
                mean[step] = first;
                if (!variance.IsEmpty) variance[step] = Spread(fit, second, first * first);
            }

            return;
        }

        var season = fit.Last.Season;
        var (damping, power) = (0.0, 1.0);
        for (var step = 0; step < mean.Length; step++)
        {
            damping += power *= fit.Parameters.Phi;
            mean[step] = fit.Last.Level + damping * fit.Last.Slope + (season.Length > 0 ? season[step % season.Length] : 0);
        }

        if (!variance.IsEmpty) WriteVariance(fit, mean, variance);
    }

    private static void WriteVariance(EtsFit fit, ReadOnlySpan<double> mean, Span<double> variance)
    {
        var squares = new double[mean.Length];
        Weights(fit, squares);
        if (fit.Model.Error == EtsError.Additive)
        {
            var sum = 1.0;
            for (var step = 0; step < mean.Length; step++)
            {
                variance[step] = Math.Min(fit.Variance * sum, Largest);
                sum += squares[step];
            }

            return;
        }

        var theta = new double[mean.Length];
        for (var step = 0; step < mean.Length; step++)
        {
            var sum = 0.0;
            for (var j = 0; j < step; j++) sum += squares[j] * theta[step - 1 - j];
            theta[step] = Math.Min(mean[step] * mean[step] + fit.Variance * sum, Largest);
            variance[step] = Spread(fit, theta[step], mean[step] * mean[step]);
        }
    }

    private static double Spread(EtsFit fit, double second, double square) =>
        Math.Clamp((1 + fit.Variance) * second - square, 0, Largest) is var spread && double.IsNaN(spread) ? Largest : spread;

    // c(1)^2, c(2)^2 ...: what an error adds to the forecasts of later periods.
    private static void Weights(EtsFit fit, Span<double> squares)
    {
        var (alpha, beta, gamma, phi) = fit.Parameters;
        var cycle = fit.Last.Season.Length;
        var (damping, power) = (0.0, 1.0);
        for (var step = 0; step < squares.Length; step++)
        {
            damping += power *= phi;
            var weight = alpha + beta * damping + (cycle > 0 && (step + 1) % cycle == 0 ? gamma : 0);
            squares[step] = weight * weight;
        }
    }

    // Of (level + phi slope) times index so many steps ahead, both moments. An error e changes level by alpha e, slope by beta e (times their sum before) and
    // the index by the factor 1 + gamma e; E e^2 = s, E e^4 = 3 s^2.
    private static (double First, double Second) Moments(EtsFit fit, int steps)
    {
        var (alpha, beta, gamma, phi) = fit.Parameters;
        var cycle = fit.Last.Season.Length;
        var s = fit.Variance;
        var (level, slope) = (fit.Last.Level, fit.Last.Slope);
        var (ll, lb, bb) = (level * level, level * slope, slope * slope);
        for (var step = 1; step < steps; step++)
        {
            var weighted = (steps - step) % cycle == 0;
            var (even, odd, square) = weighted ? (1 + gamma * gamma * s, 2 * gamma * s, s + 3 * gamma * gamma * s * s) : (1, 0, s);
            var (before, left) = (level + phi * slope, phi * slope);
            var shift = weighted ? gamma * s * before : 0;
            (level, slope) = (before + alpha * shift, left + beta * shift);
            var all = ll + 2 * phi * lb + phi * phi * bb; // E before^2
            var cross = phi * lb + phi * phi * bb; // E before left
            (ll, lb, bb) = (Math.Min(Largest, even * all + odd * 2 * alpha * all + square * alpha * alpha * all),
                even * cross + odd * (beta * all + alpha * cross) + square * alpha * beta * all,
                Math.Min(Largest, even * phi * phi * bb + odd * 2 * beta * cross + square * beta * beta * all));
        }

        var index = fit.Last.Season[(steps - 1) % cycle];
        return ((level + phi * slope) * index, Math.Min(Largest, (ll + 2 * phi * lb + phi * phi * bb) * index * index));
    }
}
