namespace Shabou.Forecasting;

/// <summary>Means and variances of forecasts.</summary>
/// <remarks>
/// Hyndman, Koehler, Ord &amp; Snyder 2008, ch. 6. Class 1 (additive errors): exact, sigma^2 (1 + c(1)^2 + ... + c(h-1)^2), c(j) being what an error of
/// 1 adds j periods later. Class 2 (multiplicative errors, sums): exact, (1 + sigma^2) theta(h) - mean(h)^2, theta(h) = mean(h)^2 + sigma^2 (c(1)^2
/// theta(h-1) + ... + c(h-1)^2 theta(1)). Class 3 (multiplicative season): their approximation for sigma^2 far below 1, s^2 ((1 + sigma^2)
/// (1 + gamma^2 sigma^2)^k theta(h) - mean(h)^2) with theta of the deseasonalised model and k whole cycles before h. The mean is
/// always that without further errors, which is exact for classes 1 and 2. Variances end at 1e300 instead of overflowing.
/// </remarks>
internal static class EtsPrediction
{
    private const double Largest = 1e300;

    public static void Write(EtsFit fit, Span<double> mean, Span<double> variance)
    {
        var factors = fit.Model.Season == EtsSeason.Multiplicative;
        var season = fit.Last.Season;
        var (damping, power) = (0.0, 1.0);
        for (var step = 0; step < mean.Length; step++)
        {
            damping += power *= fit.Parameters.Phi;
            mean[step] = fit.Last.Level + damping * fit.Last.Slope;
            if (season.Length > 0 && !factors) mean[step] += season[step % season.Length];
        }

        if (!variance.IsEmpty) WriteVariance(fit, mean, variance);
        if (!factors) return;
        for (var step = 0; step < mean.Length; step++) mean[step] *= season[step % season.Length];
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
            variance[step] = OfStep(fit, step, theta[step], mean[step] * mean[step]);
        }
    }

    private static double OfStep(EtsFit fit, int step, double theta, double square)
    {
        if (fit.Model.Season != EtsSeason.Multiplicative) return Math.Min((1 + fit.Variance) * theta - square, Largest);
        var cycle = fit.Last.Season.Length;
        var growth = Math.Pow(1 + fit.Parameters.Gamma * fit.Parameters.Gamma * fit.Variance, step / cycle);
        var factor = fit.Last.Season[step % cycle];
        return Math.Min(factor * factor * Math.Max(0, (1 + fit.Variance) * growth * theta - square), Largest);
    }

    // c(1)^2, c(2)^2 ...: what an error adds to the forecasts of later periods.
    private static void Weights(EtsFit fit, Span<double> squares)
    {
        var (alpha, beta, gamma, phi) = fit.Parameters;
        var cycle = fit.Model.Season == EtsSeason.Additive ? fit.Last.Season.Length : 0;
        var (damping, power) = (0.0, 1.0);
        for (var step = 0; step < squares.Length; step++)
        {
            damping += power *= phi;
            var weight = alpha + beta * damping + (cycle > 0 && (step + 1) % cycle == 0 ? gamma : 0);
            squares[step] = weight * weight;
        }
    }
}
