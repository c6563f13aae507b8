namespace Shabou.Forecasting;

/// <summary>A seasonal ARIMA model with its coefficients, at the end of a history. Immutable.</summary>
/// <remarks>(1 - phi B ...)(1 - Phi B^m ...) (w(t) - c) = (1 + theta B ...)(1 + Theta B^m ...) e(t), w the history after d first and D seasonal
/// differences: signs as in R's arima. Gaussian likelihood with an approximately diffuse start (<see cref="ArimaFilter"/>); missing periods
/// (NaN) are filtered over, not filled.</remarks>
public sealed class ArimaModel
{
    private readonly ArimaFilter _end;
    private readonly double[] _coefficients;
    private readonly double _unit, _origin;
    private readonly int _periods;

    private ArimaModel(ArimaOrder order, double[] coefficients, ReadOnlySpan<double> history)
    {
        Order = order;
        _coefficients = coefficients;
        _periods = history.Length;
        (_unit, _origin) = Units(history, order);
        _end = new(order, coefficients);
        for (var t = 0; t < history.Length; t++) _end.Observe(history[t] / _unit - _origin - Trend(t));

        var (n, k) = (_end.Counted, order.Coefficients);
        Variance = n == 0 ? 0 : _end.Squares / (n > k ? n - k : n) * _unit * _unit;
        LogLikelihood = -0.5 * (n * (Math.Log(2 * Math.PI * Math.Max(_end.Squares, double.Epsilon) / Math.Max(1, n)) + 1) + _end.Logs) - n * Math.Log(_unit);
        Aicc = n > k + 2 ? -2 * LogLikelihood + 2 * (k + 1) + 2.0 * (k + 1) * (k + 2) / (n - k - 2) : double.PositiveInfinity;
    }

    public ArimaOrder Order { get; }

    /// <summary>phi(1..p), theta(1..q), Phi(1..P), Theta(1..Q), then the mean or the drift per period where the order has one.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>Innovation variance, squared units: squared standardised errors / (errors - coefficients).</summary>
    public double Variance { get; }

    /// <summary>Logarithm of the Gaussian likelihood at the innovation variance that maximises it.</summary>
    public double LogLikelihood { get; }

    /// <summary>AIC corrected for short series (Hurvich &amp; Tsai 1989); infinite when there are not two more errors than parameters.</summary>
    public double Aicc { get; }

    /// <summary>The model of the given coefficients.</summary>
    /// <param name="history">Oldest first, NaN where missing.</param>
    /// <param name="order">p to 5, q to 5, P and Q to 2, or any other size that the caller has the time for.</param>
    /// <param name="coefficients">In the order of <see cref="Coefficients"/>; the autoregression must be stationary.</param>
    /// <exception cref="ArgumentException">The number of coefficients does not fit, or the autoregression is not stationary.</exception>
    public static ArimaModel At(ReadOnlySpan<double> history, ArimaOrder order, ReadOnlySpan<double> coefficients)
    {
        if (coefficients.Length != order.Coefficients)
            throw new ArgumentException($"{order} has {order.Coefficients} coefficients, not {coefficients.Length}.", nameof(coefficients));
        if (!ArmaPolynomials.RootsAreOutside(coefficients[..order.Ar], 1)
            || !ArmaPolynomials.RootsAreOutside(coefficients.Slice(order.SeasonalArAt, order.SeasonalAr), 1))
            throw new ArgumentException($"The autoregression of this {order} is not stationary.", nameof(coefficients));
        return new(order, coefficients.ToArray(), history);
    }

    /// <summary>The model of greatest likelihood. With gaps it starts from an estimate that interpolates them; a large model of a long history
    /// (more than a third of a second) stays there.</summary>
    /// <returns>Null when there is none to be found: too few periods, or an autoregression that the conditional sum of squares puts outside
    /// the stationary region (a difference more is needed).</returns>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static ArimaModel? Fit(ReadOnlySpan<double> history, ArimaOrder order)
    {
        var filled = new double[history.Length];
        MissingValues.Interpolate(history, filled);
        var estimator = new ArimaEstimator(filled, order.Differences, order.SeasonalDifferences, order.Season);
        return estimator.Any(order) is { } estimate ? Of(history, estimate, estimator.ConstantUnit) : null;
    }

    internal static ArimaModel Of(ReadOnlySpan<double> history, ArimaEstimate estimate, double constantUnit) =>
        new(estimate.Order, GapLikelihood.Refine(history, estimate, constantUnit), history);

    /// <summary>Writes the expected value and the error variance of the periods after the history.</summary>
    /// <param name="mean">One value a step.</param>
    /// <param name="variance">As long as <paramref name="mean"/>, squared units; coefficients count as known.</param>
    public void Forecast(Span<double> mean, Span<double> variance)
    {
        var ahead = _end.Copy();
        for (var step = 0; step < mean.Length; step++)
        {
            var (value, spread) = ahead.Predict();
            mean[step] = (value + _origin + Trend(_periods + step)) * _unit;
            variance[step] = spread * Variance;
            ahead.Advance();
        }
    }

    private double Trend(int period) => !Order.HasConstant ? 0 : _coefficients[^1] / _unit * (Order.Lost > 0 ? period : 1);

    // Largest value 1, so that squares cannot overflow; where differences forget the level the first value is moved to zero, next to which
    // the prior is widest.
    private static (double Unit, double Origin) Units(ReadOnlySpan<double> history, ArimaOrder order)
    {
        double largest = 0, first = double.NaN;
        foreach (var value in history)
        {
            if (double.IsNaN(value)) continue;
            if (double.IsNaN(first)) first = value;
            largest = Math.Max(largest, Math.Abs(value));
        }

        if (largest == 0) return (1, 0);
        return (largest, order.Lost > 0 ? first / largest : 0);
    }
}
